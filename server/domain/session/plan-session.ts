import {
  type Execution,
  type ExecutionState,
  type ExecutionStatus,
  isTerminal,
  type MachineRef,
  rank,
} from '../execution/execution.ts';
import { causeOf, sinceStart } from './component-words.ts';
import {
  type ComponentHealth,
  type ComponentKind,
  type ComponentSpec,
  ENV,
  type SessionEventKind,
  type SessionSpec,
  type SessionState,
  type SessionVerdict,
} from './session.ts';

/** A component that was given to its machine. Times are epoch milliseconds. */
export interface ExecutionFacts {
  readonly id: string;
  /** The component's name. */
  readonly name: string;
  readonly kind: ComponentKind;
  readonly status: Pick<ExecutionStatus, 'state' | 'message' | 'err' | 'ports' | 'timestamp'>;
  readonly desiredState: ExecutionState;
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: string | null;
  readonly startedAt: number | null;
  readonly exitedAt: number | null;
  readonly health: ComponentHealth;
  readonly healthReason: string;
  readonly healthSince: number | null;
  /** Nothing of it is left on its machine, or the machine itself has gone. */
  readonly removed: boolean;
}

/** All that a session's next step is decided from. */
export interface SessionFacts {
  readonly spec: SessionSpec;
  readonly state: SessionState;
  /** Null = it is not over. */
  readonly verdict: SessionVerdict | null;
  /** What a person has asked for. */
  readonly ordered: 'cancel' | 'finish' | null;
  /** How long it is to be kept when it is over; 0 = not at all. */
  readonly keepForMs: number;
  readonly keepUntil: number | null;
  readonly createdAt: number;
  readonly acceptedAt: number | null;
  readonly provisionAt: number | null;
  readonly runningAt: number | null;
  /** The machine of each component, by the component's name. */
  readonly machines: ReadonlyMap<string, MachineRef>;
  readonly executions: readonly ExecutionFacts[];
}

/** Its id is given when it is stored. Its desired state is RUNNING. */
export interface PlannedExecution extends Pick<Execution, 'name' | 'machine' | 'workload'> {
  readonly kind: ComponentKind;
}

/** What to store in one transaction. A step that changes nothing leaves state and keepUntil as they are and is empty. */
export interface SessionStep {
  readonly state: SessionState;
  readonly create: readonly PlannedExecution[];
  readonly desire: readonly { readonly executionId: string; readonly desiredState: ExecutionState }[];
  /** Not null in the one step that ends the session. */
  readonly verdict: SessionVerdict | null;
  readonly keepUntil: number | null;
  readonly events: readonly { readonly kind: SessionEventKind; readonly text: string }[];
  /** When time alone changes the next step; null = never. */
  readonly wakeAt: number | null;
}

/** In this order: a component is started when all of the groups before its own are ready. */
const ORDER: readonly ComponentKind[] = ['server', 'client', 'driver'];

/**
 * What comes next for a session that holds its machines. Pure: the same facts at the same time give the same step, so
 * that whoever takes a session over goes on as if nothing had happened.
 * Source: grpc/test-infra `orch.kubeExecutor`, with the mends that reference-behaviour names.
 */
export function planSession(session: SessionFacts, now: number): SessionStep {
  if (session.verdict !== null) return cleanUp(session, now);
  const verdict = judge(session, now);
  if (verdict !== null) return decide(session, verdict, now);
  return goOn(session);
}

/** Towards the driver: each group once those before it are ready. */
function goOn(session: SessionFacts): SessionStep {
  const driver = driverOf(session);
  if (driver !== null && driver.status.state === 'RUNNING') {
    const begun = session.state === 'running' ? [] : [event('run', `${driver.name} runs.`)];
    return { ...same(session), state: 'running', events: begun, wakeAt: deadlineOf(session)?.at ?? null };
  }
  const create = nextGroup(session);
  const begun =
    session.state === 'accepted'
      ? [event('provision', `Starting ${count(session.spec.components.length, 'component')}.`)]
      : [];
  return { ...same(session), state: 'provisioning', create, events: begun, wakeAt: deadlineOf(session)?.at ?? null };
}

/** The components of the first group that is not there yet; none while a group before it is not ready. */
function nextGroup(session: SessionFacts): readonly PlannedExecution[] {
  for (const kind of ORDER) {
    const group = session.spec.components.filter((component) => component.kind === kind);
    const missing = group.filter(({ name }) => executionOf(session, name) === null);
    if (missing.length > 0) return missing.flatMap((component) => newExecution(session, component));
    if (!group.every((component) => isReady(component, executionOf(session, component.name)))) return [];
  }
  return [];
}

function newExecution(session: SessionFacts, component: ComponentSpec): readonly PlannedExecution[] {
  const machine = session.machines.get(component.name);
  // Without its machine it is not to be started; `judge` says so.
  if (machine === undefined) return [];
  const { name, kind, pool: _, ...workload } = component;
  const env = { ...workload.env, ...givenEnvironment(session, component) };
  return [{ name, kind, machine, workload: { ...workload, env } }];
}

/** Workers learn what they are; the driver learns where they are, servers first, and what to do with them. */
function givenEnvironment(session: SessionFacts, { kind }: ComponentSpec): Readonly<Record<string, string>> {
  if (kind !== 'driver') return { [ENV.workerKind]: kind };
  const workers = ORDER.flatMap((one) => session.spec.components.filter((component) => component.kind === one));
  const addresses = workers.flatMap(({ name }) => executionOf(session, name)?.status.ports?.[0]?.address ?? []);
  return { [ENV.workers]: addresses.join(','), [ENV.scenario]: JSON.stringify(session.spec.scenario) };
}

/** By its own health, and with an address for each port that it declares. */
function isReady(component: ComponentSpec, execution: ExecutionFacts | null): boolean {
  if (execution === null || execution.health !== 'ready') return false;
  return component.ports.length === 0 || (execution.status.ports ?? []).length >= component.ports.length;
}

/** Whether it is over, and how. The driver's exit decides; what happens before the driver runs can only go wrong. */
function judge(session: SessionFacts, now: number): SessionVerdict | null {
  if (session.ordered === 'cancel')
    return verdictOf('cancelled', 'A person cancelled it.', null, 'Run it again when you like.');
  const driver = driverOf(session);
  if (driver !== null && isTerminal(driver.status.state)) return byDriver(session, driver);
  if (session.ordered === 'finish' && driver === null)
    return verdictOf(
      'finished',
      'A person ended it before the driver had started.',
      null,
      'Run it again when you like.',
    );
  const homeless = session.spec.components.find(({ name }) => !session.machines.has(name));
  if (homeless !== undefined)
    return verdictOf(
      'error',
      `${homeless.name} has no machine.`,
      homeless.name,
      'Run it again; its machine was taken away.',
    );
  if (driver === null || rank(driver.status.state) < rank('RUNNING')) {
    const failed = session.executions.find(({ status }) => isTerminal(status.state));
    if (failed !== undefined) {
      const sentence = `${failed.name} ${causeOf(failed)} before all components were ready.`;
      return verdictOf('error', sentence, failed.name, lookAtLog(session, failed));
    }
  }
  const deadline = deadlineOf(session);
  return deadline !== null && deadline.at <= now ? deadline.verdict : null;
}

function byDriver(session: SessionFacts, driver: ExecutionFacts): SessionVerdict {
  if (session.ordered === 'finish')
    return verdictOf(
      'finished',
      `A person ended it; ${driver.name} ${causeOf(driver)}.`,
      null,
      lookAtLog(session, driver),
    );
  if (driver.status.state === 'COMPLETE')
    return verdictOf('succeeded', `${driver.name} finished with exit code 0.`, driver.name, 'Look at the results.');
  const first = firstWorkerThatFailed(session, driver);
  if (first === null) {
    const outcome = rank(driver.status.state) === rank('REJECTED') ? 'error' : 'failed';
    return verdictOf(outcome, `${driver.name} ${causeOf(driver)}.`, driver.name, lookAtLog(session, driver));
  }
  const after = driver.exitedAt === null || first.exitedAt === null ? null : driver.exitedAt - first.exitedAt;
  const later = after === null ? 'then' : `${Math.max(0, Math.round(after / 1000))} s later`;
  const at = first.exitedAt === null ? '' : ` at ${sinceStart(session, first.exitedAt)}`;
  const sentence = `${first.name} ${causeOf(first)}${at}; ${driver.name} ${causeOf(driver)} ${later}.`;
  return verdictOf('failed', sentence, first.name, lookAtLog(session, first));
}

/** A worker's failure does not end a session, but it is what a person should look at first. */
function firstWorkerThatFailed(session: SessionFacts, driver: ExecutionFacts): ExecutionFacts | null {
  const failed = session.executions.filter(
    (one) =>
      one.kind !== 'driver' &&
      one.status.state === 'FAILED' &&
      (one.exitedAt ?? 0) <= (driver.exitedAt ?? Number.POSITIVE_INFINITY),
  );
  return failed.toSorted((a, b) => (a.exitedAt ?? 0) - (b.exitedAt ?? 0))[0] ?? null;
}

/** The timeout that runs now. */
function deadlineOf(session: SessionFacts): { readonly at: number; readonly verdict: SessionVerdict } | null {
  const { provisionMs, testMs } = session.spec.timeouts;
  if (session.runningAt !== null) {
    if (testMs === 0) return null;
    const name = driverOf(session)?.name ?? 'the driver';
    const sentence = `${name} ran longer than the ${seconds(testMs)} that it may take.`;
    return {
      at: session.runningAt + testMs,
      verdict: verdictOf('error', sentence, name, 'Read its log, or allow more time.'),
    };
  }
  const since = session.provisionAt ?? session.acceptedAt;
  if (provisionMs === 0 || since === null) return null;
  const waited = session.executions.filter(({ health }) => health !== 'ready').map(({ name }) => name);
  const sentence = `${waited.length === 0 ? 'Not all components' : waited.join(', ')} did not become ready in ${seconds(provisionMs)}.`;
  return {
    at: since + provisionMs,
    verdict: verdictOf('error', sentence, waited[0] ?? null, 'Read the log of what was not ready, or allow more time.'),
  };
}

function decide(session: SessionFacts, verdict: SessionVerdict, now: number): SessionStep {
  const keeps = session.keepForMs > 0 && verdict.outcome !== 'cancelled';
  const keepUntil = keeps ? now + session.keepForMs : null;
  const state = keeps ? 'keeping' : 'cleaning';
  const kind: SessionEventKind = verdict.outcome === 'error' ? 'error' : 'done';
  return {
    state,
    create: [],
    desire: keeps ? [] : desires(session, 'REMOVE'),
    verdict,
    keepUntil,
    events: [event(kind, verdict.sentence)],
    wakeAt: keepUntil,
  };
}

/** Everything is taken away, always; but not before what a person wanted to look at was looked at. */
function cleanUp(session: SessionFacts, now: number): SessionStep {
  if (session.state === 'keeping' && session.keepUntil !== null && session.keepUntil > now)
    return { ...same(session), wakeAt: session.keepUntil };
  const desire = desires(session, 'REMOVE');
  const over = desire.length === 0 && session.executions.every(({ removed }) => removed);
  return { ...same(session), state: over ? 'ended' : 'cleaning', desire, keepUntil: null };
}

function desires(session: SessionFacts, desiredState: ExecutionState): SessionStep['desire'] {
  return session.executions
    .filter((one) => !one.removed && one.desiredState !== desiredState)
    .map(({ id }) => ({ executionId: id, desiredState }));
}

function same({ state, keepUntil, ordered, executions }: SessionFacts): SessionStep {
  // The driver is asked to end, and then decides as it always does.
  const driver = executions.find(({ kind }) => kind === 'driver');
  const asked = ordered === 'finish' && driver !== undefined && driver.desiredState === 'RUNNING';
  const desire = asked ? [{ executionId: driver.id, desiredState: 'SHUTDOWN' as const }] : [];
  return { state, create: [], desire, verdict: null, keepUntil, events: [], wakeAt: null };
}

function driverOf({ executions }: SessionFacts): ExecutionFacts | null {
  return executions.find(({ kind }) => kind === 'driver') ?? null;
}

function executionOf({ executions }: SessionFacts, name: string): ExecutionFacts | null {
  return executions.find((one) => one.name === name) ?? null;
}

function verdictOf(
  outcome: SessionVerdict['outcome'],
  sentence: string,
  component: string | null,
  next: string,
): SessionVerdict {
  return { outcome, sentence, component, next };
}

function lookAtLog(session: SessionFacts, { name, exitedAt }: ExecutionFacts): string {
  return exitedAt === null
    ? `Read the log of ${name}.`
    : `Read the log of ${name} before ${sinceStart(session, exitedAt)}.`;
}

function event(kind: SessionEventKind, text: string) {
  return { kind, text };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
