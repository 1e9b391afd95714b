import type { CycleHistory, InstanceLane, LaneState } from '../domain/cycle/cycle-history.ts';
import type { InstanceChange } from './instances-patch.ts';
import type { LiveEvent } from './live.ts';

/** The history of a cycle, and of which moment it is. */
export interface CycleHistoryView extends CycleHistory {
  readonly clusterId: string;
  /** Sequence of the stream `cycle:<id>` that it is as of. */
  readonly seq: string;
  /** The same of the stream of its cluster, which says when an instance has changed. */
  readonly clusterSeq: string;
}

/** Neither is part of a history. */
const NO_HISTORY: readonly (string | undefined)[] = ['progress', 'retry'];

/** The history after an event of the cycle's stream. */
export function applyCycleEventToHistory(history: CycleHistoryView, event: LiveEvent): CycleHistoryView | 'refetch' {
  return NO_HISTORY.includes(event.body.what) ? { ...history, seq: event.seq } : 'refetch';
}

/**
 * The history after an event of the stream of its cluster; `refetch` where the event does not carry what changed. A
 * state that an instance was in for less than from one read to the next may be missing until it is read again.
 */
export function applyClusterEventToHistory(history: CycleHistoryView, event: LiveEvent): CycleHistoryView | 'refetch' {
  const { patch, observedAt } = event.body;
  if (history.to !== null) return { ...history, clusterSeq: event.seq };
  if (patch === undefined || observedAt === undefined) return 'refetch';
  const changes = new Map([...patch.added, ...patch.changed].map((change) => [change.id, change]));
  const gone = new Set(patch.gone);
  const lanes = history.lanes.map((lane) => {
    const change = changes.get(lane.instanceId);
    if (gone.has(lane.instanceId)) return inState(lane, observedAt - history.from, 'gone');
    if (change === undefined) return lane;
    return inState(lane, (change.stateSince ?? observedAt) - history.from, stateAfter(lane, change));
  });
  return { ...history, lanes, clusterSeq: event.seq };
}

function stateAfter({ changes }: InstanceLane, { state, health }: InstanceChange): LaneState {
  const last = changes.at(-1)?.[1] ?? 'starting';
  const isUnhealthy = health === undefined ? state === undefined && last === 'unhealthy' : health === 'unhealthy';
  const now = state ?? (last === 'unhealthy' ? 'started' : last);
  return now === 'started' && isUnhealthy ? 'unhealthy' : now;
}

function inState(lane: InstanceLane, at: number, state: LaneState): InstanceLane {
  const last = lane.changes.at(-1);
  if (last?.[1] === state) return lane;
  return { ...lane, changes: [...lane.changes, [Math.max(at, last?.[0] ?? 0), state]] };
}
