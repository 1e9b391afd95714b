import type { Actor } from '../../domain/activity/activity.ts';
import type { AbortMode, CycleAction, CycleState } from '../../domain/cycle/cycle-state.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { recordActivity } from './activity-log.ts';
import { CHANNEL } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

interface Command {
  readonly cycleId: string;
  readonly actor: Actor & { readonly id: string };
  readonly requestId: string;
  /** The state that the order was given for; in any other nothing is written and the answer is false. */
  readonly from: CycleState;
}

/** Nothing goes on in a disabled environment, so nothing would come of the order. It stays enabled until the transaction ends. */
async function refuseDisabled(tx: Prisma.TransactionClient, cycleId: string): Promise<void> {
  const [row] = await tx.$queryRaw<{ id: string; disabled: boolean }[]>`
    SELECT environment.id, disabled_at IS NOT NULL AS disabled
    FROM cycle JOIN environment ON environment.id = cycle.environment_id
    WHERE cycle.id = ${cycleId} FOR KEY SHARE OF environment`;
  if (row === undefined || !row.disabled) return;
  const message = 'it is disabled: an administrator has to enable it before its cycles go on';
  throw new DomainError('CONFLICT', { kind: 'environment', id: row.id, message });
}

/** How the activity tells what a person ordered. */
export const ACTION_VERBS: Record<CycleAction, string> = {
  pause: 'paused the cycle of',
  resume: 'resumed the cycle of',
  abort: 'aborted the cycle of',
  'stop-now': 'stopped the cycle of',
  'end-as-failed': 'gave up the cycle of',
  'retry-instance': 'retried an instance of',
  'skip-instance': 'skipped an instance of',
  'extend-drain': 'extended a drain of',
  'force-drain': 'forced a drain of',
};

/** What people order a cycle to do. The runner sees it at its next turn, which the notification brings at once. */
export class PostgresCycleCommands {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async change(
    command: Command & { readonly to: CycleState; readonly action: CycleAction; readonly abortMode: AbortMode | null },
  ): Promise<boolean> {
    const { cycleId, from, to, action, abortMode, actor } = command;
    return this.#db.$transaction(async (tx) => {
      if (to !== 'failed') await refuseDisabled(tx, cycleId);
      const sentence = action === 'resume' ? null : `${actor.name} ${askedFor(action)}.`;
      const { count } = await tx.cycle.updateMany({
        where: { id: cycleId, state: from },
        data: {
          state: to,
          reason:
            sentence === null
              ? Prisma.DbNull
              : { kind: 'person', sentence, next: action === 'pause' ? 'Resume, or abort.' : '', instanceIds: [] },
          ...(abortMode === null ? {} : { abortMode }),
          ...(action === 'resume' ? { resumedAt: new Date(), retries: 0, retryAt: null } : {}),
          // The lease of a worker that died: with it the cycle would not wait for the place that it has lost.
          ...(from === 'paused' && to === 'approved' ? { leaseOwner: null, leaseUntil: null } : {}),
        },
      });
      if (count === 0) return false;
      await this.#announce(tx, command, action, { state: from }, { state: to });
      return true;
    });
  }

  async onInstance(
    command: Command & {
      readonly instanceId: string;
      readonly action: 'retry-instance' | 'skip-instance' | 'extend-drain' | 'force-drain';
      readonly byMs: number;
    },
  ): Promise<boolean> {
    const { cycleId, from, instanceId, action, byMs, actor } = command;
    return this.#db.$transaction(async (tx) => {
      const locked = await tx.$queryRaw<
        unknown[]
      >`SELECT 1 FROM cycle WHERE id = ${cycleId} AND state = ${from} FOR UPDATE`;
      if (locked.length === 0) return false;
      const where = { cycleId_instanceId: { cycleId, instanceId } };
      const member = await tx.cycleInstance.findUnique({ where });
      if (member === null) throw new DomainError('INSTANCE_UNKNOWN', { id: instanceId });
      const now = new Date();
      switch (action) {
        case 'skip-instance':
          await tx.cycleInstance.update({ where, data: { skippedAt: now, skippedBy: actor.id } });
          break;
        case 'force-drain':
          await tx.cycleInstance.update({ where, data: { forcedAt: now, forcedBy: actor.id } });
          break;
        case 'extend-drain':
          await tx.cycleInstance.update({ where, data: { drainExtensionMs: { increment: byMs } } });
          break;
        case 'retry-instance':
          await tx.cycleFailure.deleteMany({ where: { cycleId, instanceId } });
          // One that we started and that failed is ended, so that the planner starts another in its place.
          if (member.role === 'started')
            await tx.cycleInstance.update({ where, data: { forcedAt: now, forcedBy: actor.id } });
          break;
      }
      await this.#announce(tx, command, action, null, { instance: instanceId, ...(byMs > 0 ? { byMs } : {}) });
      return true;
    });
  }

  async #announce(
    tx: Prisma.TransactionClient,
    { cycleId, actor, requestId }: Command,
    action: CycleAction,
    before: Json,
    after: Json,
  ): Promise<void> {
    const cycle = await tx.cycle.findUniqueOrThrow({
      where: { id: cycleId },
      select: { clusterId: true, environmentId: true, plan: { select: { cluster: { select: { name: true } } } } },
    });
    const object = { kind: 'cycle', id: cycleId, name: cycle.plan.cluster.name };
    await tx.$queryRaw`SELECT pg_notify(${CHANNEL}, ${`command:${cycleId}`})::text`;
    const body = { what: 'command' };
    await recordActivity(tx, { actor, verb: ACTION_VERBS[action], object, before, after, requestId }, [
      { stream: `cluster:${cycle.clusterId}`, kind: 'changed', body },
      { stream: `cycle:${cycleId}`, kind: 'changed', body },
      { stream: 'cycles', kind: 'changed', body },
      { stream: `environment:${cycle.environmentId}`, kind: 'changed', body: { clusterIds: [cycle.clusterId] } },
    ]);
  }
}

/** True while it is under way as well as afterwards: how far it is the state tells. */
function askedFor(action: CycleAction): string {
  switch (action) {
    case 'pause':
      return 'asked for the pause';
    case 'abort':
      return 'asked for the abort';
    case 'stop-now':
      return 'asked for the stop';
    default:
      return 'gave it up';
  }
}
