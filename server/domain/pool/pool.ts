import type { MachineRef } from '../execution/execution.ts';

/** Source: grpc/test-infra `orch.Pool`. */
export interface Pool {
  readonly name: string;
  /** Machines that a session may get now. */
  readonly available: number;
  /** Machines that the pool has. */
  readonly capacity: number;
  /** A person has paused it: nobody gets a machine of it until somebody goes on. Left out = false. */
  readonly paused?: boolean;
  /**
   * Machines of the capacity that no release brings back: bad, leaving, in maintenance. No one waits ahead for them.
   * Left out = 0.
   */
  readonly out?: number;
}

/** What `reserve` needs to know of a session: the pool of each component. */
export interface Wanting {
  readonly name: string;
  readonly components: readonly { readonly pool: string }[];
}

/** How many machines of each pool a session wants, in the order of its components. */
export function needsOf({ components }: Wanting): ReadonlyMap<string, number> {
  const needs = new Map<string, number>();
  for (const { pool } of components) needs.set(pool, (needs.get(pool) ?? 0) + 1);
  return needs;
}

/** What a machine of a pool does. */
export type MachineState = 'idle' | 'reserved' | 'running' | 'cleaning' | 'maintenance';

export type MachineHealth = 'good' | 'unknown' | 'bad';

/** The parts of a pool's capacity; each machine is in exactly one. `available` is free for the next who asks. */
export const POOL_PARTS = [
  'inUse',
  'reserved',
  'cleaning',
  'provisioning',
  'available',
  'leaving',
  'maintenance',
  'bad',
] as const;
export type PoolPart = (typeof POOL_PARTS)[number];

/** Facts on one machine of a pool. */
export interface PoolMachine extends MachineRef {
  readonly pool: string;
  /** As the back end lists it. */
  readonly lifecycle: 'starting' | 'started' | 'draining' | 'drained' | 'terminating';
  readonly state: MachineState;
  readonly health: MachineHealth;
  /** Runs an older configuration than its cluster declares. */
  readonly outdated: boolean;
  /** A cycle has ordered its drain, or will with its next orders; no new holder gets it. */
  readonly nextToGo: boolean;
}

/** Which part of its pool's capacity a machine is. */
export function partOf(machine: Omit<PoolMachine, keyof MachineRef | 'pool'>): PoolPart {
  if (machine.state === 'running') return 'inUse';
  if (machine.state === 'reserved') return 'reserved';
  if (machine.state === 'cleaning') return 'cleaning';
  if (machine.state === 'maintenance') return 'maintenance';
  if (machine.lifecycle === 'starting') return 'provisioning';
  if (machine.lifecycle !== 'started' || machine.nextToGo) return 'leaving';
  return machine.health === 'good' ? 'available' : 'bad';
}

/** How many machines are in each part; the counts sum to the number of machines. */
export function partsOf(machines: readonly PoolMachine[]): Readonly<Record<PoolPart, number>> {
  const parts: Record<PoolPart, number> = {
    inUse: 0,
    reserved: 0,
    cleaning: 0,
    provisioning: 0,
    available: 0,
    leaving: 0,
    maintenance: 0,
    bad: 0,
  };
  for (const machine of machines) parts[partOf(machine)] += 1;
  return parts;
}
