import type { ExecutionTransitionView, ExecutionView } from '../../server/contract/session.ts';
import { isTerminal, rank } from '../../server/domain/execution/execution.ts';

export const MACHINE_VERBS = ['prepare', 'start', 'wait', 'shutdown', 'remove'] as const;
export type MachineVerb = (typeof MACHINE_VERBS)[number];

export interface MachineStep {
  readonly verb: MachineVerb;
  /** ahead: not begun. skipped: there was nothing to do. */
  readonly look: 'done' | 'now' | 'failed' | 'skipped' | 'ahead';
  /** When it began and ended; null = not (yet). */
  readonly from: number | null;
  readonly to: number | null;
  /** What came of it, or what goes on. */
  readonly note: string;
  /** Attempts that failed in a temporary way. */
  readonly failures: number;
  /** The last error that was temporary, while the step is tried again. */
  readonly error: string;
  readonly retryAt: number | null;
}

/** What is needed of an execution to draw its state machine. */
export type MachineFacts = Pick<
  ExecutionView,
  | 'state'
  | 'desiredState'
  | 'message'
  | 'err'
  | 'exitCode'
  | 'signal'
  | 'attempt'
  | 'retryAt'
  | 'removedAt'
  | 'transitions'
>;

/** The steps of an execution's life, in their order, each with how far it is. */
export function machineSteps(facts: MachineFacts): readonly MachineStep[] {
  const { transitions } = facts;
  const ended = firstAt(transitions, ({ state }) => isTerminal(state));
  const asked = firstAt(transitions, ({ desiredState }) => rank(desiredState) >= rank('SHUTDOWN'));
  const began = {
    prepare: firstAt(transitions, () => true),
    start: firstAt(transitions, ({ state }) => reached(state, 'READY')),
    wait: firstAt(transitions, ({ state }) => reached(state, 'RUNNING')),
    shutdown: asked !== null && (ended === null || (facts.state === 'SHUTDOWN' && asked <= ended)) ? asked : null,
    remove: facts.desiredState === 'REMOVE' && ended !== null ? Math.max(ended, asked ?? ended) : null,
  } satisfies Record<MachineVerb, number | null>;
  const present = presentVerb(facts, began);
  return MACHINE_VERBS.map((verb, index) => {
    const to = endOf(verb, index, began, ended, facts);
    const look = lookOf(verb, present, began[verb], to, facts);
    return {
      verb,
      look,
      from: began[verb],
      to,
      note: noteOf(verb, look, facts),
      failures: failuresOf(verb, facts),
      error: look === 'now' && facts.attempt > 0 ? facts.err : '',
      retryAt: look === 'now' ? facts.retryAt : null,
    };
  });
}

/** The same in one sentence. */
export function machineInWords(name: string, steps: readonly MachineStep[]): string {
  const parts = steps.map(({ verb, look, note }) => `${verb} ${LOOK_WORDS[look]}${note === '' ? '' : `, ${note}`}`);
  return `${name}: ${parts.join('; ')}.`;
}

export const LOOK_WORDS = {
  done: 'done',
  now: 'in progress',
  failed: 'failed',
  skipped: 'skipped',
  ahead: 'not begun',
} satisfies Record<MachineStep['look'], string>;

function presentVerb(
  { state, removedAt }: MachineFacts,
  began: Readonly<Record<MachineVerb, number | null>>,
): MachineVerb | null {
  if (removedAt !== null) return null;
  if (isTerminal(state)) return began.remove === null ? null : 'remove';
  if (began.shutdown !== null) return 'shutdown';
  if (reached(state, 'RUNNING')) return 'wait';
  return reached(state, 'READY') ? 'start' : 'prepare';
}

function endOf(
  verb: MachineVerb,
  index: number,
  began: Readonly<Record<MachineVerb, number | null>>,
  ended: number | null,
  { removedAt }: MachineFacts,
): number | null {
  if (began[verb] === null) return null;
  if (verb === 'remove') return removedAt;
  const next = MACHINE_VERBS.slice(index + 1).find((later) => later !== 'remove' && began[later] !== null);
  return (next === undefined ? undefined : began[next]) ?? ended;
}

function lookOf(
  verb: MachineVerb,
  present: MachineVerb | null,
  from: number | null,
  to: number | null,
  { state, removedAt, transitions }: MachineFacts,
): MachineStep['look'] {
  if (verb === present) return 'now';
  if (from === null) return isTerminal(state) && (verb !== 'remove' || removedAt !== null) ? 'skipped' : 'ahead';
  if (verb === 'remove') return removedAt === null ? 'ahead' : 'done';
  if (to === null) return 'ahead';
  const bad = state === 'FAILED' || state === 'REJECTED' || state === 'ORPHANED';
  return bad && verb === verbBefore(transitions) ? 'failed' : 'done';
}

/** In which step it was when it ended. */
function verbBefore(transitions: readonly ExecutionTransitionView[]): MachineVerb {
  const last = transitions.findLast(({ state }) => !isTerminal(state))?.state ?? 'NEW';
  if (reached(last, 'RUNNING')) return 'wait';
  return reached(last, 'STARTING') ? 'start' : 'prepare';
}

function noteOf(verb: MachineVerb, look: MachineStep['look'], facts: MachineFacts): string {
  const { state, message, err, exitCode, signal } = facts;
  if (look === 'skipped') return verb === 'shutdown' ? 'it had ended' : '';
  if (look === 'now') return verb === 'wait' ? 'it runs' : facts.attempt > 0 ? '' : message;
  if (look === 'failed') return signal !== null ? `killed by ${signal}` : err !== '' ? err : exitInWords(exitCode);
  if (verb === 'wait' && look === 'done' && state === 'COMPLETE') return exitInWords(exitCode ?? 0);
  return '';
}

function exitInWords(exitCode: number | null): string {
  return exitCode === null ? 'ended, and nobody saw how' : `exit code ${exitCode}`;
}

/** How many tries of a step failed: the highest count that was recorded in its states. */
function failuresOf(verb: MachineVerb, { transitions, attempt, desiredState, removedAt, state }: MachineFacts): number {
  const within = transitions.filter((one) => verbOf(one) === verb).map((one) => one.attempt);
  const isPresent = removedAt === null && verbOf({ state, desiredState }) === verb;
  return Math.max(0, ...within, ...(isPresent ? [attempt] : []));
}

function verbOf({ state, desiredState }: Pick<ExecutionTransitionView, 'state' | 'desiredState'>): MachineVerb {
  if (isTerminal(state)) return 'remove';
  if (rank(desiredState) >= rank('SHUTDOWN')) return 'shutdown';
  if (reached(state, 'RUNNING')) return 'wait';
  return reached(state, 'READY') ? 'start' : 'prepare';
}

function reached(state: ExecutionTransitionView['state'], wanted: ExecutionTransitionView['state']): boolean {
  return rank(state) >= rank(wanted) && !isTerminal(state);
}

function firstAt(
  transitions: readonly ExecutionTransitionView[],
  is: (transition: ExecutionTransitionView) => boolean,
): number | null {
  return transitions.find(is)?.at ?? null;
}
