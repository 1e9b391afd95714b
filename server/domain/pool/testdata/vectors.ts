import { readFileSync } from 'node:fs';
import type { Wanting } from '../pool.ts';

export interface RecordedSession {
  readonly name: string;
  readonly driver: string | null;
  readonly workers: readonly string[];
}

/** [available, capacity] of each pool. */
export type RecordedPools = Readonly<Record<string, readonly [available: number, capacity: number]>>;

export interface RecordedError {
  readonly type: 'PoolUnknownError' | 'PoolCapacityError' | 'PoolAvailabilityError';
  readonly message: string;
  readonly name?: string;
  readonly requested?: number;
  readonly capacity?: number;
}

type ReservationStep = {
  readonly errors: readonly [RecordedError | null];
  readonly pools: RecordedPools;
} & (
  | { readonly op: 'addPool'; readonly pool: { readonly name: string; readonly available: number; readonly capacity: number } }
  | { readonly op: 'removePool'; readonly pool: { readonly name: string } }
  | { readonly op: 'reserve' | 'unreserve'; readonly session: RecordedSession }
);

type QueueStep = { readonly count: number; readonly pools: RecordedPools } & (
  | { readonly op: 'enqueue'; readonly session: RecordedSession }
  | { readonly op: 'dequeue'; readonly result: string | null }
  | { readonly op: 'done'; readonly name: string }
);

interface FindPoolsCase {
  /** Left out where the listing of the nodes failed. */
  readonly nodeLabels?: readonly (Readonly<Record<string, string>> | null)[];
  readonly pools: Readonly<Record<string, unknown>> | null;
}

interface QueueCase {
  readonly pools: RecordedPools;
  readonly steps: readonly QueueStep[];
  /** Recorded in some cases only. */
  readonly left?: readonly string[];
}

export const foundPools = (): readonly FindPoolsCase[] => read('orch-findpools.json');
export const reservations = (): readonly { readonly steps: readonly ReservationStep[] }[] => read('orch-reservation.json');
export const queues = (): readonly QueueCase[] => read('orch-queue.json');

function read<Case>(name: string): readonly Case[] {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')).cases;
}

export function wantingOf({ name, driver, workers }: RecordedSession): Wanting {
  const pools = driver === null ? workers : [driver, ...workers];
  return { name, components: pools.map((pool) => ({ pool })) };
}

/** Our pools in the recorded form. */
export function recordedPools(
  pools: readonly { readonly name: string; readonly available: number; readonly capacity: number }[],
): RecordedPools {
  return Object.fromEntries(pools.map(({ name, available, capacity }) => [name, [available, capacity]]));
}
