import type { InstanceState, Protection, Workload } from '../../../domain/cluster/cluster.ts';
import type { MachineFacts } from '../../../domain/instance/plugin.ts';

/** A simulated machine: what was drawn when it was provisioned, and what was ordered since. Times are epoch milliseconds. */
export interface Machine {
  readonly id: string;
  readonly zone: string;
  readonly protection: Protection | null;
  /** Since when it gets no new work. */
  readonly closedAt: number | null;
  readonly createdAt: number;
  readonly startMs: number;
  /** stuck: never starts; unhealthy: starts, and is never healthy. */
  readonly startFailure: StartFailure | null;
  readonly drainMs: number;
  readonly drainStuck: boolean;
  readonly terminateMs: number;
  /** When its process ends by itself. It stays listed until it is destroyed. */
  readonly diesAt: number | null;
  /** The work it takes, each `afterMs` after it started. */
  readonly workloads: readonly { readonly name: string; readonly afterMs: number }[];
  readonly drainOrderedAt: number | null;
  readonly destroyOrderedAt: number | null;
  /** When it is no longer listed. */
  readonly goneAt: number | null;
}

export type StartFailure = 'stuck' | 'unhealthy';

/**
 * What is true of the machine at `now`; `null` when it has gone. With the same orders the state only moves forward as
 * `now` grows: starting, started, draining, drained, terminating, gone. Undrain, which takes an order back, is the only way back.
 */
export function factsAt(machine: Machine, now: number): MachineFacts | null {
  if (isGone(machine, now)) return null;
  const state = stateAt(machine, now);
  return {
    state,
    createdAt: machine.createdAt,
    ...healthAt(machine, now),
    drainingSince: machine.drainOrderedAt,
    workloads: state === 'started' || state === 'draining' ? workloadsAt(machine, now) : [],
    zone: machine.zone,
    ...(machine.protection && { protection: machine.protection }),
    closed: machine.closedAt !== null,
  };
}

export function isGone(machine: Machine, now: number): boolean {
  return machine.goneAt !== null && now >= machine.goneAt;
}

/**
 * When a machine in service was lost without an order of ours: it died, or it was taken away behind our back.
 * `null` when neither has happened by `now`.
 */
export function fellOutAt(machine: Machine, now: number): number | null {
  const takenAt = machine.destroyOrderedAt === null ? machine.goneAt : null;
  const at = Math.min(machine.diesAt ?? Infinity, takenAt ?? Infinity);
  const ordered = Math.min(machine.drainOrderedAt ?? Infinity, machine.destroyOrderedAt ?? Infinity);
  const wasInService = machine.startFailure === null && startedAt(machine) <= at && at < ordered;
  return at <= now && wasInService ? at : null;
}

/** Orders are true at once, so that a reader whose clock is a little behind sees what was ordered. */
function stateAt(machine: Machine, now: number): InstanceState {
  if (machine.destroyOrderedAt !== null) return 'terminating';
  if (machine.drainOrderedAt !== null) return isDrained(machine, machine.drainOrderedAt, now) ? 'drained' : 'draining';
  return isDead(machine, now) || hasStarted(machine, now) ? 'started' : 'starting';
}

function healthAt(machine: Machine, now: number): Pick<MachineFacts, 'health' | 'healthySince'> {
  if (isDead(machine, now)) return { health: 'unhealthy', healthySince: null };
  if (!hasStarted(machine, now)) return { health: 'unknown', healthySince: null };
  if (machine.startFailure === 'unhealthy') return { health: 'unhealthy', healthySince: null };
  return { health: 'healthy', healthySince: startedAt(machine) };
}

/** Work comes in after the start; once closed or ordered to drain it takes none, and from that order on what there is ends one by one. */
function workloadsAt(machine: Machine, now: number): Workload[] {
  if (isDead(machine, now) || !hasStarted(machine, now)) return [];
  const takenUntil = Math.min(machine.drainOrderedAt ?? now, machine.closedAt ?? now, now);
  const taken = machine.workloads
    .map(({ name, afterMs }) => ({ name, since: startedAt(machine) + afterMs }))
    .filter(({ since }) => since <= takenUntil);
  if (machine.drainOrderedAt === null) return taken;

  const elapsed = Math.max(0, now - machine.drainOrderedAt);
  const done = machine.drainMs === 0 ? taken.length : Math.floor((taken.length * elapsed) / machine.drainMs);
  return taken.slice(machine.drainStuck ? Math.min(done, taken.length - 1) : done);
}

function isDrained(machine: Machine, orderedAt: number, now: number): boolean {
  return isDead(machine, now) || (!machine.drainStuck && now >= orderedAt + machine.drainMs);
}

function isDead(machine: Machine, now: number): boolean {
  return machine.diesAt !== null && now >= machine.diesAt;
}

function hasStarted(machine: Machine, now: number): boolean {
  return machine.startFailure !== 'stuck' && now >= startedAt(machine);
}

function startedAt(machine: Machine): number {
  return machine.createdAt + machine.startMs;
}
