import type { CycleInstanceView, CycleProgress, CycleView, IntentView } from '../../server/contract/cycle.ts';
import {
  type CycleHistory,
  type CycleStateChange,
  type InstanceLane,
  laneStateAt,
} from '../../server/domain/cycle/cycle-history.ts';
import type { CycleAction, PauseReason } from '../../server/domain/cycle/cycle-state.ts';
import { list, plannedCounts } from '../../server/domain/cycle/progress.ts';
import { cycleSteps } from './steps.ts';

/** Why nothing can be ordered while somebody looks at the past. */
const LOOKING_BACK = 'not while you look back';

/**
 * The cycle as it was at a moment: what was known then, and nothing of what came later. Nothing can be ordered in it.
 * What blocked a drain is not stored, so nobody blocks any; the settings of the back end are told only as they are.
 */
export function cycleAt(cycle: CycleView, history: CycleHistory, at: number): CycleView {
  const change = stateAt(history, at);
  const isLast = change === history.states.at(-1);
  const lanes = new Map(history.lanes.map((lane) => [lane.instanceId, lane]));
  const instances = cycle.instances.flatMap((instance) => {
    const lane = lanes.get(instance.instanceId);
    return lane === undefined ? [] : instanceAt(cycle, instance, lane, history, at);
  });
  const { startedAt, endedAt } = cycle;
  const isOver = endedAt !== null && at >= endedAt;
  const intents = cycle.intents.filter((intent) => intent.createdAt <= at).map((intent) => intentAt(intent, at));
  return {
    ...cycle,
    state: change.state,
    reason: isLast ? cycle.reason : reasonOf(change),
    abortMode: change.state === 'aborting' || change.state === 'aborted' ? cycle.abortMode : null,
    startedAt: startedAt !== null && startedAt <= at ? startedAt : null,
    endedAt: isOver ? endedAt : null,
    summary: isOver ? cycle.summary : null,
    waitsForPlace: null,
    retryAt: null,
    observedAt: at,
    instances,
    settings: [],
    intents,
    progress: progressAt(cycle, instances, at),
    samples: cycle.samples.filter((sample) => sample.at <= at),
    calls: cycle.calls.filter((call) => call.at + call.durationMs <= at),
    actions: nothingAllowed(cycle.actions),
  };
}

/** All moments at which something changed, in the order of time. */
export function momentsOf({ from, states, lanes }: CycleHistory): number[] {
  const moments = new Set(states.map(({ at }) => at));
  for (const { changes, events } of lanes) {
    for (const [at] of changes) moments.add(from + at);
    for (const { at } of events) moments.add(from + at);
  }
  return [...moments].sort((a, b) => a - b);
}

/** When the drain that a lane is in at a moment times out; null where it does not drain or has no timeout. */
export function drainDeadlineAt(
  { body: { config, policy } }: Pick<CycleView, 'body'>,
  lane: InstanceLane,
  history: CycleHistory,
  at: number,
): number | null {
  const then = laneStateAt(lane, at - history.from);
  if (then?.state !== 'draining' || config.drainTimeoutMs === 0) return null;
  // Where a drain that runs out pauses the cycle, who resumes gives each its whole time again.
  const resumed = policy.onDrainTimeout === 'pause' ? resumesOf(history).findLast((one) => one <= at) : undefined;
  const extended = lane.events.reduce((sum, { at: then, byMs }) => (history.from + then <= at ? sum + byMs : sum), 0);
  return Math.max(history.from + then.since, resumed ?? 0) + config.drainTimeoutMs + extended;
}

/** When a person let it go on. */
function resumesOf({ states }: CycleHistory): number[] {
  return states.filter(({ state, byName }) => state === 'running' && byName !== null).map(({ at }) => at);
}

function stateAt({ states, from }: CycleHistory, at: number): CycleStateChange {
  const change = states.findLast((one) => one.at <= at) ?? states[0];
  return change ?? { at: from, state: 'approved', sentence: null, byName: null };
}

function reasonOf({ sentence, byName }: CycleStateChange): PauseReason | null {
  if (sentence === null && byName === null) return null;
  return {
    kind: byName === null ? 'error' : 'person',
    sentence: sentence ?? `Ordered by ${byName}.`,
    next: '',
    instanceIds: [],
  };
}

function intentAt(intent: IntentView, at: number): IntentView {
  if (intent.settledAt === null || intent.settledAt <= at) return intent;
  return { ...intent, outcome: 'pending', settledBy: null, error: null, settledAt: null };
}

function instanceAt(
  cycle: CycleView,
  instance: CycleInstanceView,
  lane: InstanceLane,
  history: CycleHistory,
  at: number,
): CycleInstanceView[] {
  const then = laneStateAt(lane, at - history.from);
  // What was not there yet is not shown; one that was planned always was there.
  if (then === null && lane.role === 'started') return [];
  const { skipped, forced, failures } = instance;
  return [
    {
      ...instance,
      state: then === null ? 'gone' : then.state === 'unhealthy' ? 'started' : then.state,
      stateSince: then === null || then.since === 0 ? sinceBefore(instance, history) : history.from + then.since,
      health: then?.state === 'unhealthy' ? 'unhealthy' : null,
      skipped: skipped !== null && skipped.at <= at ? skipped : null,
      forced: forced !== null && forced.at <= at ? forced : null,
      drainDeadline: drainDeadlineAt(cycle, lane, history, at),
      blockers: [],
      failures: failures.filter((failure) => failure.at <= at),
    },
  ];
}

/** Since when it had its first state is told only by an instance that is in it still. */
function sinceBefore({ stateSince }: CycleInstanceView, { from }: CycleHistory): number | null {
  return stateSince !== null && stateSince <= from ? stateSince : null;
}

const ON_THE_WAY = ['starting', 'draining', 'drained', 'terminating'] as const;

function progressAt(cycle: CycleView, instances: readonly CycleInstanceView[], at: number): CycleProgress | null {
  if (cycle.startedAt === null || at < cycle.startedAt) return null;
  const planned = instances.filter((one) => one.role === 'planned' && one.decision !== 'finish');
  const inWork = instances.filter((one) => one.skipped === null);
  const busy = ON_THE_WAY.map((state) => ({ state, count: inWork.filter((one) => one.state === state).length }));
  const words = busy.filter(({ count }) => count > 0).map(({ state, count }) => `${count} ${state}`);
  const next = cycleSteps(cycle.intents).find((step) => step.at > at);
  return {
    ...plannedCounts(planned.map(({ state, skipped }) => ({ state, skipped: skipped !== null }))),
    failed: instances.filter((one) => one.failures.length > 0).length,
    sentence: words.length === 0 ? 'No instance was on its way.' : `${list(words)}.`,
    next: next === undefined ? '' : `Step ${next.step} came next: ${next.title}.`,
    at,
  };
}

function nothingAllowed(actions: CycleView['actions']): CycleView['actions'] {
  const refused: Record<CycleAction, true | string> = { ...actions };
  for (const action of keysOf(refused)) refused[action] = LOOKING_BACK;
  return refused;
}

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}
