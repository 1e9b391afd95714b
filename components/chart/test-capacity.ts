import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';

export const MINUTE = 60_000;

/** At a minute, with so many instances. */
export function point(at: number, startedNew: number, startedOld: number, draining = 0): CapacityPoint {
  return {
    at: at * MINUTE,
    startedNew,
    startedOld,
    unhealthy: 0,
    starting: 0,
    draining,
    drained: 0,
    terminating: 0,
    inService: startedNew + startedOld,
  };
}
