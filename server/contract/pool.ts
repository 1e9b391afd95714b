import { z } from 'zod';
import type { MachineHealth, MachineState, PoolPart } from '../domain/pool/pool.ts';

/** How many machines are in each part; together they are the capacity. */
export type PoolParts = Readonly<Record<PoolPart, number>>;

export interface PoolSampleView {
  readonly at: number;
  readonly parts: PoolParts;
  readonly waiting: number;
  readonly oldestWaitMs: number;
}

/** How long those who got machines had waited, over the last 24 hours. Null where nobody waited or asked. */
export interface WaitFigures {
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly samples: number;
}

export interface PoolRow {
  readonly name: string;
  readonly capacity: number;
  readonly parts: PoolParts;
  /** Whether machines of this pool can run a session's components; else people can only reserve them. */
  readonly runsSessions: boolean;
  readonly environments: readonly string[];
  readonly clusters: readonly { readonly id: string; readonly name: string; readonly environmentName: string }[];
  readonly paused: { readonly note: string; readonly byName: string; readonly at: number } | null;
  readonly waiting: number;
  readonly oldestWaitSince: number | null;
  /** Oldest first, over the last 24 hours, at most 96 points. */
  readonly history: readonly PoolSampleView[];
  readonly waits: WaitFigures;
}

/** Why somebody who waits in the queue does not start. */
export interface QueueRow {
  readonly reservationId: string;
  readonly kind: ReservationKind;
  readonly name: string;
  readonly sessionId: string | null;
  readonly holderName: string;
  readonly wants: readonly { readonly pool: string; readonly count: number }[];
  readonly priority: number;
  readonly requestedAt: number;
  /** 1 = the head of the queue of this pool. */
  readonly position: number;
  /** Names of the first, at most three, of those that wait before it for a pool that it wants too. */
  readonly ahead: readonly string[];
  /** How many there are of those. */
  readonly aheadCount: number;
  /** "needs 3 of workers, 1 is free" */
  readonly why: string;
  /** For the head only. */
  readonly estimate: StartEstimateView | null;
}

/** Epoch milliseconds. */
export interface StartEstimateView {
  readonly earliest: number;
  readonly p50: number;
  readonly latest: number;
  readonly because: string;
  readonly mayMove: string;
}

export interface MachineHolder {
  readonly reservationId: string;
  readonly kind: ReservationKind;
  readonly name: string;
  readonly holderName: string;
  readonly purpose: string;
  readonly sessionId: string | null;
  readonly component: string;
  readonly since: number;
  /** When its lease ends, or its session must be over; null = not known. */
  readonly until: number | null;
  /** The length of the lease or the session's limit, for a warning in its last fifth; null = not known. */
  readonly lengthMs: number | null;
}

export interface MachineRow {
  readonly pool: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly instanceId: string;
  readonly part: PoolPart;
  readonly state: MachineState;
  readonly health: MachineHealth;
  /** Why the health is not good; empty where it is. */
  readonly healthReason: string;
  readonly lifecycle: 'starting' | 'started' | 'draining' | 'drained' | 'terminating';
  readonly outdated: boolean;
  readonly nextToGo: boolean;
  /** Since when it is in this part, as far as known. */
  readonly since: number | null;
  readonly holder: MachineHolder | null;
  readonly maintenance: {
    readonly note: string;
    readonly byName: string;
    readonly since: number;
    readonly until: number | null;
  } | null;
  /** When the back end was last read. */
  readonly checkedAt: number | null;
}

export interface PoolView extends PoolRow {
  readonly machines: readonly MachineRow[];
  readonly queue: readonly QueueRow[];
  /** Sequence of the stream `pool:<name>` that this view is as of. */
  readonly seq: string;
}

export interface PoolsView {
  readonly rows: readonly PoolRow[];
  /** The cursors of the streams that this view is as of: `pools`. */
  readonly cursors: Readonly<Record<string, string>>;
}

export const reservationKinds = ['session', 'manual'] as const;
export type ReservationKind = (typeof reservationKinds)[number];
export const reservationStates = ['waiting', 'held', 'ended'] as const;
export type ReservationState = (typeof reservationStates)[number];
export type ReservationEnd = 'released' | 'expired' | 'cancelled' | 'session-ended' | 'holder-gone';

export interface ReservationRow {
  readonly id: string;
  readonly kind: ReservationKind;
  readonly state: ReservationState;
  readonly name: string;
  readonly purpose: string;
  readonly holderId: string | null;
  readonly holderName: string;
  readonly sessionId: string | null;
  readonly wants: readonly { readonly pool: string; readonly count: number }[];
  readonly machines: readonly {
    readonly component: string;
    readonly pool: string;
    readonly environmentName: string;
    readonly clusterName: string;
    readonly instanceId: string;
    readonly state: 'reserved' | 'running' | 'cleaning' | 'released';
  }[];
  readonly priority: number;
  readonly leaseMs: number;
  readonly requestedAt: number;
  readonly heldAt: number | null;
  readonly expiresAt: number | null;
  readonly endedAt: number | null;
  readonly endReason: ReservationEnd | null;
  /** While it waits. */
  readonly position: number | null;
  /** What the viewer may do now; else why not. A session's reservation follows its session. */
  readonly actions: Readonly<Record<ReservationAction, true | string>>;
}
export type ReservationAction = 'extend' | 'release' | 'hand-over';

/** What would happen to a wish now. */
export interface AvailabilityView {
  readonly answer: 'now' | 'later' | 'never';
  /** "2 free now", "3 others are ahead; about 10 to 25 min", "workers has 4 machines and 6 are needed". */
  readonly sentence: string;
  readonly ahead: number;
  readonly estimate: StartEstimateView | null;
  readonly pools: readonly {
    readonly name: string;
    readonly requested: number;
    readonly available: number;
    readonly capacity: number;
    /** Null where the pool can run sessions, or the wish is a person's. */
    readonly problem: string | null;
  }[];
}

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

export const poolNameSchema = z
  .string()
  .trim()
  .regex(/^[^\s:/]{1,100}$/, 'name a pool: at most 100 characters, without spaces, colons and slashes');
const wantsSchema = z
  .array(z.object({ pool: poolNameSchema, count: z.int().min(1).max(1_000) }))
  .min(1, 'name at least one pool')
  .max(20);

export const poolByNameSchema = z.object({ name: poolNameSchema });
export const pausePoolSchema = z.object({ name: poolNameSchema, note: z.string().trim().min(1, 'say why').max(500) });
export const availabilitySchema = z.object({
  wants: wantsSchema,
  kind: z.enum(reservationKinds),
  priority: z.int().min(-100).max(100).default(0),
});

const machineSchema = z.object({ clusterId: z.string().min(1).max(200), instanceId: z.string().min(1).max(200) });
export const startMaintenanceSchema = machineSchema.extend({
  note: z.string().trim().min(1, 'say why').max(500),
  /** Null = until somebody ends it. */
  forMs: z.int().min(MINUTE_MS).max(WEEK_MS).nullable(),
});
export const endMaintenanceSchema = machineSchema;

export const reservationListSchema = z.object({
  pool: z.string().max(100).optional(),
  state: z.enum([...reservationStates, 'open']).optional(),
  /** `me` = the viewer's own. */
  holder: z.enum(['me']).optional(),
  q: z.string().max(200).default(''),
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
export const reserveSchema = z.object({
  wants: wantsSchema,
  purpose: z.string().trim().min(1, 'say what for').max(500),
  forMs: z.int().min(MINUTE_MS, 'at least a minute').max(WEEK_MS, 'at most a week'),
  priority: z.int().min(-100).max(100).default(0),
});
export const reservationByIdSchema = z.object({ reservationId: z.string().min(1).max(100) });
export const extendReservationSchema = reservationByIdSchema.extend({
  byMs: z.int().min(MINUTE_MS, 'at least a minute').max(WEEK_MS, 'at most a week'),
});
export const handOverSchema = reservationByIdSchema.extend({ userId: z.string().min(1).max(100) });
