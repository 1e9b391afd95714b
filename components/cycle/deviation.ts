import type { IntentView } from '../../server/contract/cycle.ts';
import type { CapacityPoint } from '../../server/domain/cycle/capacity.ts';
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

interface Drain {
  readonly instanceId: string;
  readonly lastedMs: number;
}

/** The drain that took longest, from its order until the instance was terminated, or until now. */
export function longestDrain(
  intents: readonly Pick<IntentView, 'kind' | 'instanceId' | 'outcome' | 'createdAt'>[],
  now: number,
): Drain | null {
  const ended = new Map<string | null, number>();
  for (const { kind, instanceId, createdAt } of intents)
    if (kind === 'terminate' || kind === 'undrain') ended.set(instanceId, createdAt);
  let longest: Drain | null = null;
  for (const { kind, instanceId, outcome, createdAt } of intents) {
    if (kind !== 'drain' || instanceId === null || outcome !== 'done') continue;
    const lastedMs = (ended.get(instanceId) ?? now) - createdAt;
    if (longest === null || lastedMs > longest.lastedMs) longest = { instanceId, lastedMs };
  }
  return longest;
}
