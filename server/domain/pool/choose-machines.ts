import { compareBytewise } from './bytewise.ts';
import { type PoolMachine, partOf } from './pool.ts';

export interface IdleMachine extends PoolMachine {
  /** Since when nobody holds it, epoch milliseconds; null = nobody ever has, as far as is known. */
  readonly idleSince: number | null;
}

/**
 * Which machines of a pool the next holder gets: those that run what their cluster declares before the outdated, then the
 * longest idle, then by id. Only available ones: never one that is next to go or whose health is not good. Null where
 * fewer are available than wanted.
 */
export function chooseMachines<Machine extends IdleMachine>(
  machines: readonly Machine[],
  wanted: number,
): readonly Machine[] | null {
  const available = machines.filter((machine) => partOf(machine) === 'available');
  return available.length < wanted ? null : available.sort(compareMachines).slice(0, wanted);
}

function compareMachines(a: IdleMachine, b: IdleMachine): number {
  return (
    Number(a.outdated) - Number(b.outdated) ||
    compareTimes(a.idleSince, b.idleSince) ||
    compareBytewise(a.instanceId, b.instanceId) ||
    compareBytewise(a.clusterId, b.clusterId) ||
    compareBytewise(a.environmentId, b.environmentId)
  );
}

/** A machine that nobody ever held is idle longest. */
function compareTimes(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return a - b;
}
