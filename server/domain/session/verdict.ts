import { inWords } from '../cycle/duration-words.ts';
import { isTerminal, rank } from '../execution/execution.ts';
import { componentsOf, driverOf, executionOf, isReady } from './components.ts';
import { deadlineOf } from './deadline.ts';
import type { ComponentSpec, SessionVerdict } from './session.ts';
import type { ExecutionFacts, SessionFacts } from './session-facts.ts';
import { formatOffset } from './session-time.ts';

const AGAIN = 'Run it again with the same inputs when you like.';

/**
 * How the session ended; null while it goes on. The driver's own end decides alone, whatever was asked for meanwhile and
 * however early it came; before the driver runs there are only ways to fail.
 */
export function verdictOf(session: SessionFacts, now: number): SessionVerdict | null {
  const driver = driverOf(session);
  if (driver !== null && isTerminal(driver.status.state) && hasRun(session, driver)) return byDriver(session, driver);
  if (session.ordered === 'cancel') return cancelled(session);
  return notStarted(session, driver) ?? tooLong(session, now);
}

/** What was rejected, or failed to start, says nothing of the test. */
function hasRun({ runningAt }: SessionFacts, driver: ExecutionFacts): boolean {
  const { status, exitCode, signal, startedAt } = driver;
  return (
    status.state === 'COMPLETE' || runningAt !== null || startedAt !== null || exitCode !== null || signal !== null
  );
}

function byDriver(session: SessionFacts, driver: ExecutionFacts): SessionVerdict {
  const end = endInWords(driver);
  if (session.ordered === 'finish' && driver.desiredState !== 'RUNNING') {
    const sentence = `${driver.name} was asked to finish; it ${end} at ${offset(session, driver)}.`;
    return { outcome: 'finished', sentence, component: driver.name, next: `Read the log of ${driver.name}.` };
  }
  const outcome = driver.status.state === 'COMPLETE' ? 'succeeded' : 'failed';
  const bad = firstBad(session, driver);
  if (bad === null) {
    const next =
      outcome === 'succeeded'
        ? 'Look at its results.'
        : `Read the log of ${driver.name} before ${offset(session, driver)}.`;
    return { outcome, sentence: `${driver.name} ${end} at ${offset(session, driver)}.`, component: driver.name, next };
  }
  const later = inWords(Math.max(0, endedAt(driver) - bad.at));
  return {
    outcome,
    sentence: `${bad.component} ${bad.what} at ${formatOffset(session.createdAt, bad.at)}; ${driver.name} ${end}, ${later} later.`,
    component: outcome === 'failed' ? bad.component : driver.name,
    next: `Read the log of ${bad.component} from ${formatOffset(session.createdAt, bad.at)}.`,
  };
}

interface Bad {
  readonly component: string;
  readonly at: number;
  /** A verb: "was killed by SIGKILL". */
  readonly what: string;
}

/** The first worker that went wrong before the driver ended. */
function firstBad({ executions }: SessionFacts, driver: ExecutionFacts): Bad | null {
  const found = executions
    .filter(({ kind, desiredState }) => kind !== 'driver' && desiredState === 'RUNNING')
    .flatMap((worker) => badOf(worker) ?? [])
    .filter(({ at }) => at <= endedAt(driver));
  return found.toSorted((one, other) => one.at - other.at)[0] ?? null;
}

function badOf(worker: ExecutionFacts): Bad | null {
  const { name, health, healthReason, healthSince } = worker;
  if (hasFailed(worker)) return { component: name, at: endedAt(worker), what: endInWords(worker) };
  if (health !== 'not-ready' || healthSince === null) return null;
  return { component: name, at: healthSince, what: `was no longer ready (${healthReason || 'no reason given'})` };
}

/** Its health may be known before its state is, and its state before its health. */
function hasFailed({ status, health }: ExecutionFacts): boolean {
  return health === 'failed' || (isTerminal(status.state) && status.state !== 'COMPLETE');
}

/** By its process where that was seen, else by the news of it. */
function endedAt({ exitedAt, health, healthSince, status }: ExecutionFacts): number {
  return exitedAt ?? (health === 'failed' ? healthSince : null) ?? status.timestamp ?? 0;
}

/** A verb: "exited with code 3", "was killed by SIGKILL", "was lost: its machine is gone". */
function endInWords({ status, exitCode, signal, healthReason }: ExecutionFacts): string {
  const why = status.err || healthReason || status.message || 'no reason given';
  switch (status.state) {
    case 'COMPLETE':
      return 'exited with code 0';
    case 'REJECTED':
      return `was rejected (${why})`;
    case 'ORPHANED':
      return `was lost (${why})`;
    default:
      if (signal !== null) return `was killed by ${signal}`;
      if (exitCode !== null) return `exited with code ${exitCode}`;
      return status.state === 'SHUTDOWN' ? 'was shut down' : `failed (${why})`;
  }
}

function offset({ createdAt }: SessionFacts, execution: ExecutionFacts): string {
  return formatOffset(createdAt, endedAt(execution));
}

/** A start that was begun may have gone through, even if nobody has seen it. */
function isBegun({ status, startedAt }: ExecutionFacts): boolean {
  return rank(status.state) >= rank('STARTING') || startedAt !== null;
}

function cancelled(session: SessionFacts): SessionVerdict {
  return {
    outcome: 'cancelled',
    sentence: `It was cancelled while ${phaseOf(session)}.`,
    component: null,
    next: AGAIN,
  };
}

function phaseOf({ state, acceptedAt, runningAt }: SessionFacts): string {
  if (runningAt !== null) return 'its driver ran';
  return acceptedAt === null && state === 'queued' ? 'it waited for machines' : 'its components were started';
}

/** A component that ended, or has lost its machine, before the driver was started; from then on only the driver counts. */
function notStarted(session: SessionFacts, driver: ExecutionFacts | null): SessionVerdict | null {
  if (driver !== null && !isTerminal(driver.status.state) && isBegun(driver)) return null;
  const ended = session.executions
    .filter((one) => isTerminal(one.status.state) || (one !== driver && hasFailed(one)))
    .toSorted((one, other) => endedAt(one) - endedAt(other));
  const [first] = ended;
  if (first !== undefined) {
    const at = offset(session, first);
    return {
      outcome: 'error',
      sentence: `${first.name} ${endInWords(first)} before all components were ready, at ${at}.`,
      component: first.name,
      next:
        first.startedAt === null
          ? `Look at the command, the image and the machine of ${first.name}.`
          : `Read the log of ${first.name} before ${at}.`,
    };
  }
  const homeless = session.spec.components.find(
    ({ name }) => !session.machines.has(name) && executionOf(session, name) === null,
  );
  if (homeless === undefined || session.acceptedAt === null) return null;
  return {
    outcome: 'error',
    sentence: `${homeless.name} has lost its machine before it was started.`,
    component: homeless.name,
    next: `Look at the pool ${homeless.pool}, and run the session again.`,
  };
}

function tooLong(session: SessionFacts, now: number): SessionVerdict | null {
  const deadline = deadlineOf(session);
  if (deadline === null || now < deadline.at) return null;
  if (deadline.kind === 'queue') return waitedTooLong(deadline.limitMs);
  return deadline.kind === 'provision' ? notReady(session, deadline.limitMs) : ranTooLong(session, deadline.limitMs);
}

/** How a session ends that has waited for its machines as long as it may. */
export function waitedTooLong(queueMs: number): SessionVerdict {
  return {
    outcome: 'error',
    sentence: `It waited longer than the ${inWords(queueMs)} that it may for its machines.`,
    component: null,
    next: 'Look at the queue of its pools, or allow more time.',
  };
}

function notReady(session: SessionFacts, provisionMs: number): SessionVerdict | null {
  const component = componentsOf(session).find((one) => !isReady(one, executionOf(session, one.name)));
  if (component === undefined) return null;
  const { name } = component;
  return {
    outcome: 'error',
    sentence: `${name} did not become ready in ${inWords(provisionMs)}: it ${whyNotReady(session, component)}.`,
    component: name,
    next: `Read the log of ${name}, or allow more time.`,
  };
}

function ranTooLong(session: SessionFacts, testMs: number): SessionVerdict {
  const name = driverOf(session)?.name ?? 'the driver';
  return {
    outcome: 'error',
    sentence: `${name} ran longer than the ${inWords(testMs)} that it may take.`,
    component: name,
    next: `Read the end of the log of ${name}, or allow more time.`,
  };
}

function whyNotReady(session: SessionFacts, component: ComponentSpec): string {
  const execution = executionOf(session, component.name);
  if (execution === null) return 'was not started yet';
  const { status, health, healthReason } = execution;
  if (rank(status.state) < rank('RUNNING')) return `is still ${status.state}${status.err && ` (${status.err})`}`;
  if (health !== 'ready') return healthReason === '' ? 'is not ready' : `is not ready (${healthReason})`;
  return component.kind === 'driver' ? 'does not run yet' : 'has no address yet';
}
