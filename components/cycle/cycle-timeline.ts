import type { CycleView } from '../../server/contract/cycle.ts';
import type { CycleHistory, InstanceLane, LaneEvent } from '../../server/domain/cycle/cycle-history.ts';
import type { Lane, LaneMark, LaneMarkKind, LaneSegment, Timeline, TimelineMark } from '../chart/swimlane-data.ts';
import { drainDeadlineAt } from './cycle-at.ts';
import { waveMarks } from './wave-marks.ts';

/** A cycle that has just begun has some length too. */
const SHORTEST_MS = 10_000;

/** A cycle over time: its lanes, made by `cycleLanes`, from its first turn to its end, or to `now` while it goes on. */
export function cycleTimeline(cycle: CycleView, history: CycleHistory, lanes: readonly Lane[], now: number): Timeline {
  const from = pictureFrom(cycle);
  const to = Math.max(history.to ?? now, from + SHORTEST_MS);
  return { lanes, from, to, now: history.to === null ? to : null, forecastFrom: null, marks: marksOf(cycle, history) };
}

/** Pictures of one cycle begin together. */
function pictureFrom({ samples, createdAt }: CycleView): number {
  return samples[0]?.at ?? createdAt;
}

/** What each instance of the cycle went through; it does not depend on the time. */
export function cycleLanes(cycle: CycleView, history: CycleHistory): Lane[] {
  const from = pictureFrom(cycle);
  const replacedBy = new Map(
    history.lanes.flatMap(({ replaces, instanceId }): [string, string][] =>
      replaces === null ? [] : [[replaces, instanceId]],
    ),
  );
  const versions = new Map(cycle.instances.map(({ instanceId, version }) => [instanceId, version]));
  const current = new Set(
    cycle.body.cluster.instances.filter(({ config }) => config === cycle.body.cluster.config).map(({ id }) => id),
  );
  return history.lanes.map((lane) => {
    const { instanceId: id, role, wave, events } = lane;
    const version = versions.get(id) ?? null;
    return {
      id,
      label: id,
      note: version === null ? null : `v${version}`,
      wave,
      segments: segmentsOf(lane, history, role === 'planned' && !current.has(id), from),
      marks: events.map((event) => markOf(event, history.from)),
      replacedBy: replacedBy.get(id) ?? null,
      drainDeadline: lastDeadline(cycle, lane, history),
    };
  });
}

function segmentsOf({ changes }: InstanceLane, history: CycleHistory, isOld: boolean, from: number): LaneSegment[] {
  return changes.flatMap(([ms, state], index): LaneSegment[] => {
    if (state === 'gone') return [];
    const next = changes[index + 1];
    const to = next === undefined ? history.to : history.from + next[0];
    if (to !== null && to <= Math.max(from, history.from + ms)) return [];
    return [
      {
        state: state === 'unhealthy' ? 'started' : state,
        isOld,
        isUnhealthy: state === 'unhealthy',
        from: Math.max(from, history.from + ms),
        to,
      },
    ];
  });
}

const markKinds = {
  refused: 'error',
  failure: 'error',
  retry: 'retry',
  skipped: 'skipped',
  forced: 'forced',
  extended: 'extended',
} satisfies Record<LaneEvent['kind'], LaneMarkKind>;

function markOf({ kind, at, text }: LaneEvent, from: number): LaneMark {
  return { kind: markKinds[kind], at: from + at, text };
}

/** Of the last drain, as it was when it ended. */
function lastDeadline(cycle: CycleView, lane: InstanceLane, history: CycleHistory): number | null {
  const index = lane.changes.findLastIndex(([, state]) => state === 'draining');
  const drain = lane.changes[index];
  if (drain === undefined) return null;
  const next = lane.changes[index + 1];
  const last = next === undefined ? Number.POSITIVE_INFINITY : Math.max(drain[0], next[0] - 1);
  return drainDeadlineAt(cycle, lane, history, history.from + last);
}

function marksOf({ intents, body }: CycleView, { states }: CycleHistory): TimelineMark[] {
  const hasCanary = body.policy.canary !== undefined && body.policy.canary > 0;
  const waves = waveMarks(intents, hasCanary).map(
    ({ at, label }): TimelineMark => ({
      kind: label === 'canary' ? 'canary' : 'wave',
      at,
      label,
    }),
  );
  const stops = states.flatMap(({ at, state }, index): TimelineMark[] => {
    if (state === 'paused') return [{ kind: 'pause', at, label: 'paused' }];
    const before = states[index - 1]?.state;
    const goesOn = state === 'running' && (before === 'paused' || before === 'pausing');
    return goesOn ? [{ kind: 'resume', at, label: 'resumed' }] : [];
  });
  return [...waves, ...stops].sort((a, b) => a.at - b.at);
}
