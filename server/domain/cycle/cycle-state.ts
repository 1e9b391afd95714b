import type { CyclePolicy } from './policy.ts';

/** Source of the states and of the table: docs/safety.md. A cycle that has ended never starts again. */
export type CycleState =
  | 'approved'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'aborting'
  | 'aborted'
  | 'completed'
  | 'failed';

/** At most one cycle of a cluster is in one of these; the database holds it so by a partial unique index. */
export const ACTIVE_STATES = [
  'approved',
  'running',
  'pausing',
  'paused',
  'aborting',
] as const satisfies readonly CycleState[];

export function isActive(state: CycleState): boolean {
  return (ACTIVE_STATES as readonly CycleState[]).includes(state);
}

export type CycleAction =
  | 'pause'
  | 'resume'
  | 'abort'
  | 'stop-now'
  | 'end-as-failed'
  | 'retry-instance'
  | 'skip-instance'
  | 'extend-drain'
  | 'force-drain';

/** give-up: as stop-now, and the cycle ends as failed. */
export type AbortMode = 'finish-in-flight' | 'stop-now' | 'give-up';

/** Why a cycle is paused, or how it ended, with the evidence that a person needs to decide. */
export interface PauseReason {
  readonly kind: PauseKind;
  /** One sentence: what happened. */
  readonly sentence: string;
  /** One sentence: what a person can do next. */
  readonly next: string;
  readonly instanceIds: readonly string[];
}

export type PauseKind =
  | 'person'
  | 'plan-stale'
  | 'target-changed'
  | 'constraints-changed'
  | 'canary-failed'
  | 'failure-threshold'
  | 'drain-timeout'
  | 'protected'
  | 'floor'
  | 'ceiling'
  | 'canary-unhealthy'
  | 'error'
  | 'budget-exhausted';

/** `true`, or the reason why the action is not offered, shown as text beside the disabled button. */
export type Allowed = true | string;

const ENDED = 'this cycle has ended';

/** The one table of what may be done with a cycle: buttons, procedures and runner read it. */
export const CYCLE_ACTIONS: Record<CycleState, Record<CycleAction, Allowed>> = {
  approved: {
    pause: true,
    resume: 'not paused',
    abort: true,
    'stop-now': true,
    'end-as-failed': 'only a paused cycle can be given up',
    'retry-instance': 'nothing has been tried yet',
    'skip-instance': true,
    'extend-drain': 'nothing is draining yet',
    'force-drain': 'nothing is draining yet',
  },
  running: {
    pause: true,
    resume: 'not paused',
    abort: true,
    'stop-now': true,
    'end-as-failed': 'only a paused cycle can be given up',
    'retry-instance': true,
    'skip-instance': true,
    'extend-drain': true,
    'force-drain': true,
  },
  pausing: {
    pause: 'already pausing',
    resume: true,
    abort: true,
    'stop-now': true,
    'end-as-failed': 'only a paused cycle can be given up',
    'retry-instance': true,
    'skip-instance': true,
    'extend-drain': true,
    'force-drain': true,
  },
  paused: {
    pause: 'already paused',
    resume: true,
    abort: true,
    'stop-now': true,
    'end-as-failed': true,
    'retry-instance': true,
    'skip-instance': true,
    'extend-drain': true,
    'force-drain': true,
  },
  aborting: {
    pause: 'aborting',
    resume: 'aborting',
    abort: 'already aborting',
    'stop-now': true,
    'end-as-failed': 'aborting',
    'retry-instance': 'aborting',
    'skip-instance': 'aborting',
    'extend-drain': 'aborting',
    'force-drain': 'aborting',
  },
  aborted: everyAction(ENDED),
  completed: everyAction(ENDED),
  failed: everyAction(ENDED),
};

function everyAction(why: string): Record<CycleAction, Allowed> {
  return {
    pause: why,
    resume: why,
    abort: why,
    'stop-now': why,
    'end-as-failed': why,
    'retry-instance': why,
    'skip-instance': why,
    'extend-drain': why,
    'force-drain': why,
  };
}

/**
 * The state that an action of a person asks for. Actions on one instance leave the state as it is. What has not begun has
 * nothing in flight that must end first, and when it is resumed it waits for its turn as before.
 */
export function stateAfter(state: CycleState, action: CycleAction, hasBegun: boolean): CycleState {
  switch (action) {
    case 'pause':
      return state === 'approved' && !hasBegun ? 'paused' : 'pausing';
    case 'resume':
      return hasBegun ? 'running' : 'approved';
    case 'abort':
    case 'stop-now':
    case 'end-as-failed':
      return 'aborting';
    default:
      return state;
  }
}

/** What remains when a cycle ends: counted from the last read of the back end. */
export interface CycleSummary {
  readonly current: number;
  readonly outdated: number;
  readonly skipped: number;
  readonly leaving: number;
  readonly notOurs: number;
  readonly inService: number;
  readonly sentence: string;
}

/** When failures stop a cycle (product rule C12). */
export interface FailureThreshold {
  readonly consecutive: number;
  readonly share: number;
}

export const FAILURE_THRESHOLD: FailureThreshold = { consecutive: 2, share: 0.1 };

/**
 * Whether the failures so far must pause the cycle: one while the canary is out, two in a row, or more than a tenth
 * of what the plan replaces.
 */
export function failuresPause(
  failures: { readonly total: number; readonly consecutive: number; readonly duringCanary: boolean },
  planned: number,
  policy: CyclePolicy,
): 'canary-failed' | 'failure-threshold' | null {
  if (failures.total === 0) return null;
  if (failures.duringCanary && policy.canary !== undefined) return 'canary-failed';
  if (failures.consecutive >= FAILURE_THRESHOLD.consecutive) return 'failure-threshold';
  return failures.total > planned * FAILURE_THRESHOLD.share ? 'failure-threshold' : null;
}
