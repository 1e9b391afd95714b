import { readFileSync } from 'node:fs';
import { causes } from '../../errors.ts';
import { alreadyPrepared, alreadyStarted, ExitError, makeTemporary, NoopError, RetryError, runtimeUnsupported } from '../errors.ts';
import type { ContainerStatus, ExecutionState, ExecutionStatus, PortStatus } from '../execution.ts';
import { type Calls, type StubController, stubController } from '../test-stub-controller.ts';

type Container = readonly [id: string, pid: number, exitCode: number];
type Initial = 'bare' | 'old';

type DoRow = readonly [
  state: number,
  desired: number,
  behaviour: BehaviourName,
  controller: ControllerName,
  initial: Initial,
  outState: number,
  message: string,
  err: string,
  container: Container | null,
  portCount: number | null,
  timestampRenewed: boolean,
  returned: '' | 'noop' | 'retry',
  calls: Calls,
];

type ResolveRow = readonly [
  state: number,
  desired: number,
  initial: Initial,
  executorError: keyof typeof EXECUTOR_ERRORS,
  executorGivesController: boolean,
  outState: number,
  message: string,
  err: string,
  container: Container | null,
  timestampRenewed: boolean,
  returnedError: string | null,
  controllerReturned: boolean,
];

export type SequenceStep = readonly [
  desired: number,
  behaviour: BehaviourName,
  outState: number,
  message: string,
  err: string,
  container: Container | null,
  portCount: number | null,
  returned: '' | 'noop' | 'retry',
  calls: Calls,
];

interface SequenceCase {
  readonly controller: ControllerName;
  readonly initialState: number;
  readonly steps: readonly SequenceStep[];
}

interface TemporaryCase {
  readonly behaviour: BehaviourName;
  readonly isTemporary: boolean;
  readonly 'made[message,isTemporary,sameObject,isTemporaryWhenWrapped]': readonly [string, boolean, boolean, boolean] | null;
  readonly message: string | null;
}

interface VectorFile<Case> {
  readonly stateNames: Readonly<Record<string, ExecutionState>>;
  readonly cases: readonly Case[];
}

export const steps = (): VectorFile<DoRow> => read('exec-do.json');
export const resolutions = (): VectorFile<ResolveRow> => read('exec-resolve.json');
export const sequences = (): VectorFile<SequenceCase> => read('exec-sequence.json');
export const temporaries = (): VectorFile<TemporaryCase> => read('exec-temporary-head.json');

function read<Case>(name: string): VectorFile<Case> {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

export function stateOf(file: VectorFile<unknown>, number: number): ExecutionState {
  const state = file.stateNames[number];
  if (state === undefined) throw new Error(`unknown state ${number}`);
  return state;
}

/** When the old status was made. */
export const THEN = Date.UTC(2020, 0, 1);

/** The status that a recorded call began with. */
export function statusOf(initial: Initial, state: ExecutionState): ExecutionStatus {
  if (initial === 'bare') return { state, message: '', err: '', container: null, ports: null, timestamp: null };
  const container = { id: 'old-c', pid: 1, exitCode: 2 };
  return { state, message: 'old message', err: 'old err', container, ports: portsOf(2), timestamp: THEN };
}

/** The recorder noted how many ports there were. */
export function portsOf(count: number | null): readonly PortStatus[] | null {
  if (count === null) return null;
  return Array.from({ length: count }, (_, i) => ({ name: `port-${i}`, address: `127.0.0.1:${8000 + i}` }));
}

export function containerOf(container: Container | null): ContainerStatus | null {
  if (container === null) return null;
  const [id, pid, exitCode] = container;
  return { id, pid, exitCode };
}

const wrap = (cause: Error) => new Error(`wrap: ${cause.message}`, { cause });
const plain = () => new Error('plain error');
// As a signal throws them, with the texts of the recorder's.
const canceled = () => new DOMException('context canceled', 'AbortError');
const deadlineExceeded = () => new DOMException('context deadline exceeded', 'TimeoutError');

/** An error of a class that says itself whether it is temporary. */
class MaybeTemporary extends Error {
  constructor(readonly temporary: boolean) {
    super('maybe temporary');
  }
}

/** An error that tells what has become of the container. */
class StatuserError extends Error {
  /** Set by the one who counts the calls. */
  asked = () => {};

  constructor(readonly tell: () => ContainerStatus | null) {
    super('statuser error');
  }

  async containerStatus(): Promise<ContainerStatus | null> {
    this.asked();
    return this.tell();
  }
}

const errContainer = () => ({ id: 'err-c', pid: 9, exitCode: 7 });
const fails = () => {
  throw new Error('no status');
};

const BEHAVIOURS = {
  nil: () => null,
  errTaskPrepared: () => alreadyPrepared('e'),
  errTaskStarted: () => alreadyStarted('e'),
  wrappedErrTaskPrepared: () => wrap(alreadyPrepared('e')),
  wrappedErrTaskStarted: () => wrap(alreadyStarted('e')),
  errTaskRetry: () => new RetryError(),
  errTaskNoop: () => new NoopError(),
  plain,
  temporary: () => makeTemporary(plain()),
  wrappedTemporary: () => wrap(makeTemporary(plain())),
  fmtWrappedTemporary: () => wrap(makeTemporary(plain())),
  temporaryType: () => new MaybeTemporary(true),
  wrappedTemporaryType: () => wrap(new MaybeTemporary(true)),
  notTemporaryType: () => new MaybeTemporary(false),
  temporaryOfWrapped: () => makeTemporary(wrap(plain())),
  canceled,
  deadlineExceeded,
  wrappedCanceled: () => wrap(canceled()),
  wrappedDeadlineExceeded: () => wrap(deadlineExceeded()),
  fmtWrappedCanceled: () => wrap(canceled()),
  temporaryCanceled: () => makeTemporary(canceled()),
  exitCode0: () => new ExitError(0),
  exitCode1: () => new ExitError(1),
  exitCode137: () => new ExitError(137),
  wrappedExitCode1: () => wrap(new ExitError(1)),
  temporaryExitCode3: () => Object.assign(new ExitError(3), { temporary: true }),
  statuser: () => new StatuserError(errContainer),
  statuserNil: () => new StatuserError(() => null),
  statuserFails: () => new StatuserError(fails),
  statuserExitCode5: () => Object.assign(new StatuserError(errContainer), { exitCode: 5 }),
  wrappedStatuser: () => wrap(new StatuserError(errContainer)),
  temporaryStatuser: () => Object.assign(new StatuserError(errContainer), { temporary: true }),
} satisfies Record<string, () => Error | null>;

export type BehaviourName = keyof typeof BEHAVIOURS;

/** What every method of the controller throws; null = nothing. */
export function errorOf(behaviour: BehaviourName): Error | null {
  return BEHAVIOURS[behaviour]();
}

const running = (exitCode: number) => () => ({ id: 'c', pid: 42, exitCode });
const onePort = () => portsOf(1);

const CONTROLLERS = {
  plain: {},
  status: { containerStatus: running(0) },
  statusExit4: { containerStatus: running(4) },
  statusNil: { containerStatus: () => null },
  statusError: { containerStatus: fails },
  port: { portStatus: onePort },
  both: { containerStatus: running(0), portStatus: onePort },
  bothPortError: { containerStatus: running(0), portStatus: fails },
  statusNilPort: { containerStatus: () => null, portStatus: onePort },
};

type ControllerName = keyof typeof CONTROLLERS;

export function controllerOf(name: ControllerName, behaviour: BehaviourName): StubController {
  const error = errorOf(behaviour);
  const controller = stubController({
    ...CONTROLLERS[name],
    behave: () => {
      if (error !== null) throw error;
    },
  });
  for (const cause of causes(error)) {
    if (!(cause instanceof StatuserError)) continue;
    cause.asked = () => {
      controller.calls.errContainerStatus = (controller.calls.errContainerStatus ?? 0) + 1;
    };
  }
  return controller;
}

const EXECUTOR_ERRORS = {
  none: () => null,
  plain: () => new Error('resolve broke'),
  unsupported: () => runtimeUnsupported('m', 'w'),
  temporary: () => makeTemporary(new Error('later')),
  canceled,
};

export function executorErrorOf(name: keyof typeof EXECUTOR_ERRORS): Error | null {
  return EXECUTOR_ERRORS[name]();
}
