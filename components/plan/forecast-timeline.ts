import type { PlanBody } from '../../server/domain/approval/plan.ts';
import type { ForecastLane } from '../../server/domain/cycle/forecast.ts';
import type { CapacityMark } from '../chart/capacity-series.ts';
import type { Lane, LaneSegment, Timeline } from '../chart/swimlane-data.ts';

/** A forecast is at least as long in a picture. */
const SHORTEST_MS = 60_000;

/**
 * What is expected of each instance that something happens to, all of it forecast; null where the forecast does not
 * tell it. A new one takes the place of the one that goes as the same in number.
 */
export function forecastTimeline(body: PlanBody, marks: readonly CapacityMark[]): Timeline | null {
  const { points, lanes } = body.forecast;
  const from = points[0]?.at ?? body.computedAt;
  if (lanes === undefined || lanes.length === 0) return null;
  const end = Math.max(points.at(-1)?.at ?? from, from + SHORTEST_MS);
  return {
    lanes: lanesOf(body, lanes, from),
    from,
    // What ends last is seen to go on, as in the picture of the capacity.
    to: end + (end - from) * 0.04,
    now: null,
    forecastFrom: from,
    marks: marks.map(({ at, label }) => ({ kind: label === 'canary' ? 'canary' : 'wave', at, label })),
  };
}

function lanesOf({ cluster, forecast, explanation }: PlanBody, lanes: readonly ForecastLane[], from: number): Lane[] {
  const before = new Map(cluster.instances.map((instance) => [instance.id, instance]));
  const replaced = new Set(
    explanation.decisions.filter(({ kind }) => kind === 'replace').map(({ instanceId }) => instanceId),
  );
  const going = lanes.filter(({ instanceId }) => replaced.has(instanceId)).sort((a, b) => leaves(a) - leaves(b));
  const coming = lanes.filter(({ instanceId }) => !before.has(instanceId));
  const replacedBy = new Map(
    going.flatMap(({ instanceId }, index): [string, string][] => {
      const place = coming[index];
      return place === undefined ? [] : [[instanceId, place.instanceId]];
    }),
  );
  const waves = new Map(
    forecast.waves.flatMap(({ instanceIds }, index) => instanceIds.map((id): [string, number] => [id, index + 1])),
  );
  for (const [old, young] of replacedBy) {
    const wave = waves.get(old);
    if (wave !== undefined) waves.set(young, wave);
  }
  return lanes.map((lane) => {
    const id = lane.instanceId;
    const instance = before.get(id);
    return {
      id,
      label: id,
      note: null,
      wave: waves.get(id) ?? null,
      segments: segmentsOf(lane, instance !== undefined && instance.config !== cluster.config, from),
      marks: [],
      replacedBy: replacedBy.get(id) ?? null,
      drainDeadline: null,
    };
  });
}

/** When it begins to leave, as the first change after the state that it has. */
function leaves({ changes }: ForecastLane): number {
  return changes[1]?.[0] ?? Number.POSITIVE_INFINITY;
}

function segmentsOf({ changes }: ForecastLane, isOld: boolean, from: number): LaneSegment[] {
  return changes.flatMap(([at, state], index): LaneSegment[] => {
    const next = changes[index + 1];
    if (state === 'gone' || next?.[0] === at) return [];
    return [{ state, isOld, isUnhealthy: false, from: from + at, to: next === undefined ? null : from + next[0] }];
  });
}
