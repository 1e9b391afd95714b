import type { CapacityPoint } from './capacity.ts';
import type { Task } from './task.ts';

/** How long things took on this cluster, in milliseconds; an empty list means nothing is known yet. */
export interface Durations {
  readonly startMs: readonly number[];
  readonly drainMs: readonly number[];
  readonly terminateMs: readonly number[];
  /** Seeds the draws, so that a forecast is the same every time. */
  readonly seed: number;
}

export interface ForecastStep {
  readonly at: number;
  readonly tasks: readonly Task[];
}

/** The instances whose drain is ordered in one step. */
export interface Wave {
  readonly at: number;
  readonly instanceIds: readonly string[];
}

export interface Forecast {
  /** completes: nothing is left to do. holds: a person must decide. never-ends: it would go on without progress. */
  readonly outcome: 'completes' | 'holds' | 'never-ends';
  /** Why it does not complete; null where it does. */
  readonly because: string | null;
  readonly steps: readonly ForecastStep[];
  readonly waves: readonly Wave[];
  /** Capacity over time; a point holds until the next. The first is now. */
  readonly points: readonly CapacityPoint[];
  readonly lowest: { readonly at: number; readonly inService: number };
  readonly peakSize: number;
  readonly starts: number;
  readonly drains: number;
  readonly terminations: number;
  readonly durationMs: { readonly p50: number; readonly p90: number };
  /** How many observed durations the draws rest on; 0 means that defaults were used. */
  readonly sampleSize: number;
}
