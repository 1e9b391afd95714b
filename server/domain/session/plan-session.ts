import { type Execution, type ExecutionState, isTerminal, rank } from '../execution/execution.ts';
import { addressOf, componentsOf, driverOf, executionOf, GROUPS, isReady } from './components.ts';
import { deadlineOf } from './deadline.ts';
import {
  type ComponentKind,
  type ComponentSpec,
  ENV,
  type SessionEventKind,
  type SessionOutcome,
  type SessionState,
  type SessionVerdict,
} from './session.ts';
import type { ExecutionFacts, SessionFacts } from './session-facts.ts';
import { verdictOf } from './verdict.ts';

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

/**
 * What comes next for a session. The same facts at the same time give the same step, so that whoever takes a session over
 * goes on as if nothing had happened. Servers are started first, then clients, then the driver, each group when all
 * before it are ready; when the driver has ended, or it cannot come so far, everything is taken away.
 * Source: grpc/test-infra `orch.kubeExecutor`.
 */
export function planSession(session: SessionFacts, now: number): SessionStep {
  if (session.state === 'ended') return nothing(session);
  if (session.verdict !== null) return leave(session, session.keepUntil, now);
  const verdict = verdictOf(session, now);
  if (verdict !== null) return conclude(session, verdict, now);
  return { ...goOn(session), wakeAt: deadlineOf(session)?.at ?? null };
}

function nothing({ state, keepUntil }: SessionFacts): SessionStep {
  return { state, create: [], desire: [], verdict: null, keepUntil, events: [], wakeAt: null };
}

function goOn(session: SessionFacts): SessionStep {
  switch (session.state) {
    case 'accepted':
      return accepted(session);
    case 'provisioning':
      return provisioning(session);
    case 'running':
      return { ...nothing(session), desire: session.ordered === 'finish' ? endDriver(session) : [] };
    default:
      return nothing(session);
  }
}

/** Nothing is started before every component has its machine. */
function accepted(session: SessionFacts): SessionStep {
  if (!session.spec.components.every(({ name }) => session.machines.has(name))) return nothing(session);
  const machines = session.machines.size === 1 ? 'a machine' : `${session.machines.size} machines`;
  return {
    ...nothing(session),
    state: 'provisioning',
    create: nextGroup(session),
    events: [{ kind: 'provision', text: `The components are started on ${machines}.` }],
  };
}

function provisioning(session: SessionFacts): SessionStep {
  const driver = driverOf(session);
  if (driver?.status.state !== 'RUNNING') return { ...nothing(session), create: nextGroup(session) };
  const text = `All components were ready; ${driver.name} runs.`;
  return { ...nothing(session), state: 'running', events: [{ kind: 'run', text }] };
}

/** The components of the first group that was not started yet; none while one before it is not ready. */
function nextGroup(session: SessionFacts): readonly PlannedExecution[] {
  for (const kind of GROUPS) {
    const group = session.spec.components.filter((component) => component.kind === kind);
    const missing = group.filter(({ name }) => executionOf(session, name) === null);
    if (missing.length > 0) return missing.flatMap((component) => planned(session, component));
    if (!group.every((component) => isReady(component, executionOf(session, component.name)))) return [];
  }
  return [];
}

function planned(session: SessionFacts, component: ComponentSpec): readonly PlannedExecution[] {
  const machine = session.machines.get(component.name);
  // It has lost its machine meanwhile, which the verdict tells.
  if (machine === undefined) return [];
  const { name, kind, pool: _, ...workload } = component;
  const env = { ...workload.env, ...environmentOf(session, component) };
  return [{ name, kind, machine, workload: { ...workload, env } }];
}

/** Workers are told what they are; the driver is told where they are, and what to do. It overrules the spec's own. */
function environmentOf(session: SessionFacts, { kind }: ComponentSpec): Readonly<Record<string, string>> {
  if (kind !== 'driver') return { [ENV.workerKind]: kind };
  const workers = componentsOf(session).flatMap((component) => firstAddress(session, component) ?? []);
  return { [ENV.workers]: workers.join(','), [ENV.scenario]: JSON.stringify(session.spec.scenario) };
}

function firstAddress(session: SessionFacts, { name, ports }: ComponentSpec): string | null {
  const execution = executionOf(session, name);
  const [port] = ports;
  return execution === null || port === undefined ? null : addressOf(execution, port.name);
}

const EVENTS = {
  succeeded: 'done',
  failed: 'done',
  finished: 'done',
  cancelled: 'done',
  error: 'error',
  'internal-error': 'internal-error',
} satisfies Record<SessionOutcome, SessionEventKind>;

function conclude(session: SessionFacts, verdict: SessionVerdict, now: number): SessionStep {
  const keepUntil = session.keepForMs > 0 ? now + session.keepForMs : session.keepUntil;
  const events = [{ kind: EVENTS[verdict.outcome], text: verdict.sentence }];
  return { ...leave(session, keepUntil, now), verdict, events };
}

/** Takes everything away; but not before somebody who wanted to look at it has had the time. */
function leave(session: SessionFacts, keepUntil: number | null, now: number): SessionStep {
  const step = { ...nothing(session), keepUntil };
  const left = session.executions.filter(({ removed }) => !removed);
  if (left.length === 0) return { ...step, state: 'ended' };
  // What was begun to be taken away is not kept any more.
  if (session.state !== 'cleaning' && keepUntil !== null && keepUntil > now)
    return { ...step, state: 'keeping', desire: endDriver(session), wakeAt: keepUntil };
  return { ...step, state: 'cleaning', desire: left.flatMap((execution) => takeAway(execution)) };
}

/** Workers stay as they are for who looks at them; the test itself goes on no longer. */
function endDriver(session: SessionFacts): SessionStep['desire'] {
  const driver = driverOf(session);
  return driver === null || isTerminal(driver.status.state) ? [] : desire(driver, 'SHUTDOWN');
}

/** First it ends, then it is removed. */
function takeAway(execution: ExecutionFacts): SessionStep['desire'] {
  return desire(execution, isTerminal(execution.status.state) ? 'REMOVE' : 'SHUTDOWN');
}

/** What is asked of an execution never goes back. */
function desire({ id, desiredState: present }: ExecutionFacts, desiredState: ExecutionState): SessionStep['desire'] {
  return rank(present) < rank(desiredState) ? [{ executionId: id, desiredState }] : [];
}
