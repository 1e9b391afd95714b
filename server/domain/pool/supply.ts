import { type Pool, type PoolMachine, partOf } from './pool.ts';
import type { QueuedSession, ReserveAhead } from './queue-walk.ts';

export interface SupplyMachine extends PoolMachine {
  /** Whether a session's components can run on it; a person can reserve any. */
  readonly runsSessions: boolean;
}

/** Facts on a pool, as a look at the fleet gives them. */
export interface PoolSupply<Machine extends SupplyMachine = SupplyMachine> {
  readonly name: string;
  readonly machines: readonly Machine[];
  /** How many machines its clusters are meant to have, and of those the ones that sessions could use. */
  readonly declared: { readonly machines: number; readonly forSessions: number };
  readonly paused: boolean;
}

/** One who waits for machines. */
export interface Wish {
  readonly id: string;
  readonly kind: 'session' | 'manual';
  readonly wants: readonly { readonly component: string; readonly pool: string }[];
  readonly priority: number;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
}

/**
 * After this, one who waits holds machines of its pools as they come free. Long enough that short sessions fill the gaps
 * of a busy pool, short against what a large session otherwise waits, which is without end.
 */
const RESERVE_AHEAD_AFTER_MS = 120_000;

export function reserveAhead(now: number): ReserveAhead {
  return { reserveAheadAfterMs: RESERVE_AHEAD_AFTER_MS, now: () => now };
}

/** No name of a pool has a colon. */
const FOR_SESSIONS = ':sessions';

/** The name under which the machines of a mixed pool that sessions can use are counted. */
export function forSessions(pool: string): string {
  return `${pool}${FOR_SESSIONS}`;
}

/** The name of the pool that is meant. */
export function realPool(name: string): string {
  return name.endsWith(FOR_SESSIONS) ? name.slice(0, -FOR_SESSIONS.length) : name;
}

/**
 * The pools as the reservation manager counts them. Where not every machine of a pool can run components it is counted
 * twice: all of its machines under its own name, and those for sessions under another. Sessions then take from both, and
 * people from the first only. A pool without machines, and of which none are declared, is unknown.
 */
export function countedPools(supplies: readonly PoolSupply[]): readonly Pool[] {
  return supplies.flatMap((supply) => {
    const { name, machines, declared, paused } = supply;
    if (!isKnown(supply)) return [];
    const all = counted(name, machines, declared.machines, paused);
    if (!isMixed(supply)) return [all];
    const usable = machines.filter((machine) => machine.runsSessions);
    return [all, counted(forSessions(name), usable, declared.forSessions, paused)];
  });
}

function isKnown({ machines, declared }: PoolSupply): boolean {
  return machines.length > 0 || declared.machines > 0;
}

function isMixed({ machines, declared }: PoolSupply): boolean {
  return declared.forSessions < declared.machines || machines.some((machine) => !machine.runsSessions);
}

/** What is declared and not there yet is capacity that nobody waits ahead for: no release brings it. */
function counted(name: string, machines: readonly SupplyMachine[], declared: number, paused: boolean): Pool {
  const parts = machines.map(partOf);
  const capacity = Math.max(machines.length, declared);
  const stuck = parts.filter((part) => part === 'bad' || part === 'leaving' || part === 'maintenance').length;
  return {
    name,
    available: parts.filter((part) => part === 'available').length,
    capacity,
    paused,
    out: stuck + capacity - machines.length,
  };
}

/** The pools that are counted twice. */
export function mixedPools(supplies: readonly PoolSupply[]): ReadonlySet<string> {
  return new Set(supplies.filter(isMixed).map(({ name }) => name));
}

/** The wish as the queue takes it, where these pools are counted twice. */
export function queued(wish: Wish, mixed: ReadonlySet<string>): QueuedSession {
  const components = wish.wants.flatMap(({ pool }) =>
    wish.kind === 'session' && mixed.has(pool) ? [{ pool: forSessions(pool) }, { pool }] : [{ pool }],
  );
  return { name: wish.id, components, priority: wish.priority, enqueuedAt: wish.requestedAt };
}
