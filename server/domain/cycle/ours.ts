import type { Cluster, Instance } from '../cluster/cluster.ts';
import type { CycleInstance, Intent } from './cycle-store.ts';

/** What a cycle may touch, what a person said about it, and what it has ordered so far. */
export interface CycleKnowledge {
  readonly cycleId: string;
  /** Creation times of the planned instances, so that another machine of the same name is not taken for one of them. */
  readonly plannedAt: ReadonlyMap<string, number | null>;
  readonly members: readonly CycleInstance[];
  /** Intents whose outcome is not known, and those settled lately. */
  readonly intents: readonly Intent[];
  /** How many instances the plan adds beyond those it replaces. */
  readonly growth: number;
  /** Ms. Drains that began before have their whole time again from here. Null: every drain is timed from its beginning. */
  readonly drainsTimedFrom: number | null;
}

/** How long after its answer a call may still be missing from what the back end lists. */
export const CONSISTENCY_MS = 10_000;

/** Whether the token was given by this cycle. */
export function isOwnToken(cycleId: string, token: string | undefined): boolean {
  return token?.startsWith(`${cycleId}/`) ?? false;
}

/**
 * The cluster as the planner of a running cycle must see it.
 *
 * - What is neither in the plan nor started by this cycle is not ours; what a person skipped is skipped: both count
 *   for size, floor and ceiling, and are never touched.
 * - What we ordered and cannot see yet is taken as done where that is the careful guess: an ordered drain is no longer
 *   in service, an ordered start already counts for the ceiling, an ordered termination is not ordered again.
 * - A drain that a person extended began later by that much, and none began before `drainsTimedFrom`.
 * - Of our own instances only our surge may be scaled in.
 */
export function asOurs(cluster: Cluster, knowledge: CycleKnowledge, now: number): Cluster {
  const members = new Map(knowledge.members.map((member) => [member.instanceId, member]));
  const orders = latestOrders(knowledge.intents, now);
  const kept = ownBeyondSurge(cluster, knowledge);
  const instances = cluster.instances.map((instance): Instance => {
    const member = members.get(instance.id);
    if (!isOurs(instance, member, knowledge) || kept.has(instance.id)) return { ...instance, excluded: 'not-ours' };
    const known = ordered(instance, orders.get(instance.id));
    if (member?.skipped === true && staysIfSkipped(known)) return { ...known, excluded: 'skipped' };
    return timed(known, member?.drainExtensionMs ?? 0, knowledge.drainsTimedFrom ?? 0);
  });
  return { ...cluster, instances: [...instances, ...expected(cluster, knowledge.intents, now)] };
}

/** One that has drained already, or ends, is out of service for good: skipping it comes too late. */
function staysIfSkipped({ state }: Instance): boolean {
  return state !== 'drained' && state !== 'terminating';
}

export function isOurs(instance: Instance, member: CycleInstance | undefined, knowledge: CycleKnowledge): boolean {
  if (isOwnToken(knowledge.cycleId, instance.token)) return true;
  return member?.role === 'planned' && knowledge.plannedAt.get(instance.id) === instance.createdAt;
}

/** The last order for each instance whose effect may not be seen yet. */
function latestOrders(intents: readonly Intent[], now: number): ReadonlyMap<string, Intent> {
  const orders = new Map<string, Intent>();
  for (const intent of intents) {
    if (intent.instanceId !== null && mayBeUnseen(intent, now)) orders.set(intent.instanceId, intent);
  }
  return orders;
}

function mayBeUnseen(intent: Intent, now: number): boolean {
  if (intent.outcome === 'pending' || intent.outcome === 'unknown') return true;
  return intent.outcome === 'done' && intent.settledAt !== null && now - intent.settledAt < CONSISTENCY_MS;
}

function ordered(instance: Instance, order: Intent | undefined): Instance {
  if (order?.kind === 'terminate' && instance.state !== 'terminating') return { ...instance, state: 'terminating' };
  // The timer of a drain starts when draining is observed, so the time of the order is no fact.
  if (order?.kind === 'drain' && instance.state === 'started')
    return { ...instance, state: 'draining', updatedAt: null };
  return instance;
}

function timed(instance: Instance, extensionMs: number, from: number): Instance {
  if (instance.state !== 'draining' || instance.updatedAt === null) return instance;
  return { ...instance, updatedAt: Math.max(instance.updatedAt, from) + extensionMs };
}

/** Instances that we ordered and that are not listed yet. */
function expected(cluster: Cluster, intents: readonly Intent[], now: number): Instance[] {
  const seen = new Map<string, number>();
  for (const { token } of cluster.instances) {
    if (token !== undefined) seen.set(token, (seen.get(token) ?? 0) + 1);
  }
  return intents
    .filter((intent) => intent.kind === 'start' && mayBeUnseen(intent, now))
    .flatMap((intent) => {
      const missing = Math.max(0, intent.count - (seen.get(intent.token) ?? 0));
      return Array.from(
        { length: missing },
        (_, index): Instance => ({
          id: `expected:${intent.token}#${index + 1}`,
          state: 'starting',
          config: cluster.config,
          createdAt: now,
          updatedAt: null,
          token: intent.token,
        }),
      );
    });
}

/** Our own started instances that stand in for replaced ones: not a surge, so not to be scaled in. The newest stay, but for one that a person ends. */
function ownBeyondSurge(cluster: Cluster, knowledge: CycleKnowledge): ReadonlySet<string> {
  const forced = new Set(knowledge.members.filter((one) => one.forcedAt !== null).map((one) => one.instanceId));
  const own = cluster.instances.filter(
    (one) =>
      isOwnToken(knowledge.cycleId, one.token) &&
      one.state === 'started' &&
      one.config === cluster.config &&
      !forced.has(one.id),
  );
  const present = new Map(cluster.instances.map((instance) => [instance.id, instance]));
  const replaced = knowledge.members.filter(({ role, decision, instanceId }) => {
    if (role !== 'planned' || decision === 'scale-in') return false;
    const instance = present.get(instanceId);
    return instance === undefined || instance.state !== 'started';
  }).length;
  const surge = Math.max(0, own.length - replaced - knowledge.growth);
  return new Set(own.slice(surge).map((instance) => instance.id));
}
