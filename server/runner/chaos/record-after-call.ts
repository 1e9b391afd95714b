import { randomUUID } from 'node:crypto';
import type { PrismaClient } from '../../adapters/postgres/generated/client.ts';
import type { CycleState } from '../../domain/cycle/cycle-state.ts';
import type { CycleStore, Intent, SettingOrder } from '../../domain/cycle/cycle-store.ts';

/**
 * The mutant that the chaos test must catch: an intent is written only when its answer is there, as a runner would do
 * that keeps a log of what it has done. A worker that dies between the call and its record forgets the call.
 */
export function recordAfterCall(store: CycleStore, database: PrismaClient, ttlMs: number): CycleStore {
  const unwritten = new Map<
    string,
    { readonly intent: Intent; readonly step: number; readonly ordinal: number; readonly because: string }
  >();
  let unwrittenSettings: { readonly state: CycleState; readonly orders: readonly SettingOrder[] } | null = null;
  const inherited = {
    load: store.load.bind(store),
    recentIntents: store.recentIntents.bind(store),
    instances: store.instances.bind(store),
    failures: store.failures.bind(store),
    recordInstances: store.recordInstances.bind(store),
    recordFailures: store.recordFailures.bind(store),
    skipInstance: store.skipInstance.bind(store),
    transition: store.transition.bind(store),
    report: store.report.bind(store),
    backOff: store.backOff.bind(store),
    restores: store.restores.bind(store),
  };
  return {
    ...inherited,
    async intendSettings(_fence, state, orders) {
      unwrittenSettings = { state, orders };
      return { deadline: Date.now() + ttlMs / 2, remainingMs: ttlMs / 2 };
    },
    async noteSettings(fence, settings, note) {
      if (note === 'answered' && unwrittenSettings !== null)
        await store.intendSettings(fence, unwrittenSettings.state, unwrittenSettings.orders);
      unwrittenSettings = null;
      await store.noteSettings(fence, settings, note);
    },
    async intend(fence, state, intents) {
      const { count } = await database.cycle.updateMany({
        where: { id: fence.cycleId, fence: fence.token, leaseOwner: fence.owner, state },
        data: { step: { increment: 1 }, startedAt: new Date() },
      });
      if (count === 0) return null;
      const { step } = await database.cycle.findUniqueOrThrow({ where: { id: fence.cycleId }, select: { step: true } });
      const createdAt = Date.now();
      const remainingMs = ttlMs / 2;
      return {
        remainingMs,
        intents: intents.map(({ kind, instanceId, count: starts, because }, ordinal) => {
          const token = `${fence.cycleId}/${step}/${ordinal}`;
          const deadline = createdAt + remainingMs;
          const intent: Intent = {
            id: randomUUID(),
            kind,
            instanceId,
            count: starts,
            token,
            deadline,
            outcome: 'pending',
            createdAt,
            settledAt: null,
          };
          unwritten.set(intent.id, { intent, step, ordinal, because });
          return intent;
        }),
      };
    },
    async settle(fence, intent, settlement) {
      const late = unwritten.get(intent.id);
      if (late !== undefined) {
        const { id, kind, instanceId, count, token } = intent;
        await database.intent.create({
          data: {
            id,
            kind,
            instanceId,
            count,
            token,
            cycleId: fence.cycleId,
            step: late.step,
            ordinal: late.ordinal,
            because: late.because,
            fence: fence.token,
            deadline: new Date(intent.deadline),
          },
        });
        unwritten.delete(id);
      }
      await store.settle(fence, intent, settlement);
    },
  };
}
