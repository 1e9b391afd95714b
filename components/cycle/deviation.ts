import type { CycleView } from '../../server/contract/cycle.ts';
import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';
import type { CycleHistory, InstanceLane, LaneState } from '../../server/domain/cycle/cycle-history.ts';
import type { Forecast } from '../../server/domain/cycle/forecast.ts';

/** The approved forecast as if it had begun when the cycle did. */
export function shiftForecast(points: readonly CapacityPoint[], startedAt: number): CapacityPoint[] {
  const begun = points[0]?.at ?? startedAt;
  return points.map((point) => ({ ...point, at: point.at - begun + startedAt }));
}

/** Instances that have not gone yet and will: those of the old configuration, and those that leave. */
function toGo(point: CapacityPoint): number {
  return point.startedOld + point.draining + point.drained + point.terminating;
}

/**
 * How far a run is behind the approved forecast, in milliseconds; negative: ahead. It compares when as many instances
 * were gone as now, and it counts the wait for the next one once that is overdue.
 */
export function behindMs(
  forecast: Forecast,
  samples: readonly CapacityPoint[],
  startedAt: number,
  now: number,
): number {
  const last = samples.at(-1);
  const expected = shiftForecast(forecast.points, startedAt);
  const first = expected[0];
  if (last === undefined || first === undefined) return 0;
  const left = toGo(last);
  const overdue = expected.find((point) => toGo(point) < left);
  const late = overdue === undefined ? 0 : Math.max(0, now - overdue.at);
  const reachedAt = reached(samples, left);
  const expectedAt = reached(expected, left);
  // At the start nothing has been reached yet, so nothing can be ahead or behind but by waiting.
  const reachedLate = left >= toGo(first) || reachedAt === null || expectedAt === null ? 0 : reachedAt - expectedAt;
  return late > 0 ? Math.max(late, reachedLate) : reachedLate;
}

/**
 * `behindMs` of a cycle that goes on as it was approved; null where it does not: one that pauses, is paused or aborts goes
 * by what a person decides.
 */
export function deviationMs(
  { state, startedAt, body, samples }: Pick<CycleView, 'state' | 'startedAt' | 'body' | 'samples'>,
  now: number,
): number | null {
  return state === 'running' && startedAt !== null ? behindMs(body.forecast, samples, startedAt, now) : null;
}

/** When for the first time no more than `left` were to go. */
function reached(points: readonly CapacityPoint[], left: number): number | null {
  return points.find((point) => toGo(point) <= left)?.at ?? null;
}

/** What is expected from now on: the rest of the approved forecast, as late as the run is. */
export function remainingForecast(
  forecast: Forecast,
  samples: readonly CapacityPoint[],
  startedAt: number,
  now: number,
): CapacityPoint[] {
  const last = samples.at(-1);
  if (last === undefined) return [];
  const late = behindMs(forecast, samples, startedAt, now);
  const left = toGo(last);
  const rest = shiftForecast(forecast.points, startedAt + late).filter(
    (point) => point.at > now && toGo(point) <= left,
  );
  return [{ ...last, at: now }, ...rest];
}

/** When a run that goes on will have ended, at best guess and at worst. */
export function expectedEnd(
  forecast: Forecast,
  startedAt: number,
  late: number,
  now: number,
): { readonly p50: number; readonly p90: number } {
  const p50 = Math.max(now, startedAt + forecast.durationMs.p50 + late);
  return { p50, p90: Math.max(p50, startedAt + forecast.durationMs.p90 + Math.max(0, late)) };
}

/** Why a run is late: one thing that took longer than the forecast had it. */
export interface DelayCause {
  readonly kind: 'paused' | 'start' | 'drain' | 'terminate';
  /** null where it concerns all of them. */
  readonly instanceId: string | null;
  readonly lastedMs: number;
  readonly expectedMs: number;
  /** Whether it goes on. */
  readonly isOpen: boolean;
}

type Phase = Exclude<DelayCause['kind'], 'paused'>;

const PHASES: Readonly<Partial<Record<LaneState, Phase>>> = {
  starting: 'start',
  draining: 'drain',
  terminating: 'terminate',
};

/** More than these would hide what matters. */
const CAUSES_TOLD = 3;
/** What took longer by less than this, or by less than a quarter, took as long as expected. */
const EXCESS_MS = 2_000;

/**
 * What took longest beyond what the forecast had, the worst first, as known at `now`. Things happen side by side, so
 * that what they took too long does not add up to how late the run is. Pauses only where the forecast tells no phases.
 */
export function delayCauses(forecast: Forecast, history: CycleHistory, now: number): DelayCause[] {
  const expected = expectedPhases(forecast);
  const phases = history.lanes.flatMap((lane) => phasesOf(lane, history, now));
  const slow = phases.flatMap(({ phase, ...lasted }): DelayCause[] => {
    const expectedMs = expected.get(phase);
    return expectedMs === undefined ? [] : [{ kind: phase, expectedMs, ...lasted }];
  });
  return [...pausesOf(history, now), ...slow]
    .filter((cause) => excess(cause) >= Math.max(EXCESS_MS, cause.expectedMs / 4))
    .sort((a, b) => excess(b) - excess(a))
    .slice(0, CAUSES_TOLD);
}

function excess({ lastedMs, expectedMs }: DelayCause): number {
  return lastedMs - expectedMs;
}

/** How long each phase takes in the forecast: the median over its instances. */
function expectedPhases({ lanes = [] }: Forecast): ReadonlyMap<Phase, number> {
  const lasted = new Map<Phase, number[]>();
  for (const { changes } of lanes) {
    for (const [index, [at, state]] of changes.entries()) {
      const phase = PHASES[state];
      const next = changes[index + 1];
      if (phase === undefined || next === undefined) continue;
      const times = lasted.get(phase) ?? [];
      times.push(next[0] - at);
      lasted.set(phase, times);
    }
  }
  return new Map(
    [...lasted].map(([phase, times]) => {
      const sorted = times.toSorted((a, b) => a - b);
      return [phase, sorted[Math.floor((sorted.length - 1) / 2)] ?? 0];
    }),
  );
}

interface LastedPhase {
  readonly phase: Phase;
  readonly instanceId: string;
  readonly lastedMs: number;
  readonly isOpen: boolean;
}

function phasesOf({ instanceId, changes }: InstanceLane, { from, to }: CycleHistory, now: number): LastedPhase[] {
  const until = Math.min(now, to ?? now) - from;
  return changes.flatMap(([at, state], index): LastedPhase[] => {
    const phase = PHASES[state];
    // Of one that was in it before the cycle was approved nobody knows since when.
    if (phase === undefined || at === 0 || at > until) return [];
    const next = changes[index + 1]?.[0] ?? Number.POSITIVE_INFINITY;
    return [{ phase, instanceId, lastedMs: Math.min(next, until) - at, isOpen: next > until }];
  });
}

/** All pauses together. */
function pausesOf({ states, to }: CycleHistory, now: number): DelayCause[] {
  const until = Math.min(now, to ?? now);
  let lastedMs = 0;
  let isOpen = false;
  states.forEach(({ at, state }, index) => {
    if (state !== 'paused' || at > until) return;
    const next = states[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    lastedMs += Math.min(next, until) - at;
    isOpen = next > until;
  });
  return lastedMs === 0 ? [] : [{ kind: 'paused', instanceId: null, lastedMs, expectedMs: 0, isOpen }];
}
