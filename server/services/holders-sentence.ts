import type { Cluster } from '../domain/cluster/cluster.ts';
import { inWords } from '../domain/cycle/duration-words.ts';
import type { InstanceDecision } from '../domain/cycle/explain.ts';
import { isHeld } from '../domain/cycle/order.ts';
import type { DrainTimeoutRule } from '../domain/cycle/policy.ts';
import { list } from '../domain/cycle/progress.ts';
import type { Planning } from './planning.ts';

const THEN = {
  pause: 'then pauses and asks',
  skip: 'then skips it',
  force: 'then ends it with the work that it still has',
} satisfies Record<DrainTimeoutRule, string>;

interface Holder {
  /** "session nightly" */
  readonly name: string;
  readonly isSession: boolean;
  readonly instanceIds: string[];
}

/** Who holds machines that would be drained, and what becomes of them; null where nobody does. */
export function holdersSentence(
  cluster: Cluster,
  decisions: readonly InstanceDecision[],
  { config, policy }: Planning,
): string | null {
  const going = new Map(
    decisions.flatMap(({ instanceId, kind }) =>
      kind === 'replace' || kind === 'scale-in' ? [[instanceId, kind] as const] : [],
    ),
  );
  const held = cluster.instances.filter(({ id, workloads }) => going.has(id) && isHeld(workloads));
  if (held.length === 0) return null;
  const holders = new Map<string, Holder>();
  for (const { id, workloads = [] } of held) {
    for (const { name, holder } of workloads) {
      if (holder === undefined) continue;
      const before = holders.get(holder.reservationId);
      if (before === undefined)
        holders.set(holder.reservationId, { name, isSession: holder.sessionId !== null, instanceIds: [id] });
      else before.instanceIds.push(id);
    }
  }
  const kinds = new Set(held.map(({ id }) => going.get(id)));
  const fate = [...(kinds.has('replace') ? ['replaced'] : []), ...(kinds.has('scale-in') ? ['scaled in'] : [])];
  const what = `${count([...holders.values()])} ${held.length === 1 ? 'a machine' : `${held.length} machines`} that would be ${fate.join(' or ')}`;
  const wait =
    config.drainTimeoutMs === 0
      ? 'The cycle waits for each until it is given back'
      : `The cycle waits for each up to the drain timeout of ${inWords(config.drainTimeoutMs)}, ${THEN[policy.onDrainTimeout ?? 'force']}`;
  return `${what}: ${named([...holders.values()])}. ${wait}.`;
}

/** "2 sessions and 1 reservation hold" */
function count(holders: readonly Holder[]): string {
  const sessions = holders.filter(({ isSession }) => isSession).length;
  const people = holders.length - sessions;
  const parts = [
    ...(sessions > 0 ? [`${sessions} ${sessions === 1 ? 'session' : 'sessions'}`] : []),
    ...(people > 0 ? [`${people} ${people === 1 ? 'reservation' : 'reservations'}`] : []),
  ];
  return `${list(parts)} ${holders.length === 1 ? 'holds' : 'hold'}`;
}

function named(holders: readonly Holder[]): string {
  const shown = holders.length > 3 ? holders.slice(0, 2) : holders;
  const words = shown.map(({ name, instanceIds }) => `${name} (${instanceIds.join(', ')})`);
  return list(holders.length > 3 ? [...words, `${holders.length - 2} others`] : words);
}
