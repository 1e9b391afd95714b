import type { ExecutionState } from '../execution/execution.ts';
import type { HealthSpan } from './health-stripe.ts';
import type { ComponentHealth, ComponentKind } from './session.ts';

/** What a component is at, as a person follows it. */
export const PHASES = ['queued', 'reserved', 'provisioning', 'ready', 'running', 'finishing'] as const;
export type Phase = (typeof PHASES)[number];

export interface PhaseSegment {
  readonly phase: Phase;
  readonly from: number;
  /** Null = it goes on. */
  readonly to: number | null;
}

export interface HealthSegment extends HealthSpan {
  readonly reason: string;
}

export interface TimelineRow {
  readonly component: string;
  readonly kind: ComponentKind;
  /** In their order, without overlap. A component that ended by itself has a gap before it is cleaned up. */
  readonly phases: readonly PhaseSegment[];
  readonly healths: readonly HealthSegment[];
}

/** Something happened at that time. */
export interface TimelineMoment {
  readonly at: number;
  /** Null = it concerns the session as a whole. */
  readonly component: string | null;
  readonly text: string;
  readonly bad: boolean;
}

export interface Timeline {
  readonly rows: readonly TimelineRow[];
  /** All that happened, oldest first: what one steps through. */
  readonly moments: readonly TimelineMoment[];
  /** The first of the moments that is bad; null where none is. */
  readonly firstBad: TimelineMoment | null;
  /** What the session is at; null = it has ended. */
  readonly phase: Phase | null;
}

/** What a timeline is drawn from: facts of the session, and what its executions came through. Epoch milliseconds. */
export interface TimelineFacts {
  readonly spec: { readonly components: readonly { readonly name: string; readonly kind: ComponentKind }[] };
  readonly createdAt: number;
  readonly acceptedAt: number | null;
  readonly runningAt: number | null;
  readonly decidedAt: number | null;
  readonly endedAt: number | null;
  readonly events: readonly { readonly at: number; readonly text: string }[];
  readonly executions: readonly ExecutionHistory[];
}

interface ExecutionHistory {
  readonly name: string;
  readonly createdAt: number;
  readonly exitedAt: number | null;
  readonly removedAt: number | null;
  /** Oldest first. */
  readonly transitions: readonly { readonly at: number; readonly state: ExecutionState; readonly err: string }[];
  readonly healths: readonly { readonly at: number; readonly health: ComponentHealth; readonly reason: string }[];
}

/** Rows in the order of reading: the driver, which decides, then servers, then clients; of a kind as the spec has them. */
const READING: readonly ComponentKind[] = ['driver', 'server', 'client'];

export function timelineOf(session: TimelineFacts): Timeline {
  const { spec, executions, events } = session;
  const rows = READING.flatMap((kind) =>
    spec.components
      .filter((component) => component.kind === kind)
      .map(({ name }) => rowOf(session, name, kind, executions.find((one) => one.name === name) ?? null)),
  );
  const moments = [
    ...events.map(({ at, text }): TimelineMoment => ({ at, component: null, text, bad: false })),
    ...executions.flatMap((execution) => momentsOf(execution, session.decidedAt)),
  ].toSorted((one, other) => one.at - other.at);
  return { rows, moments, firstBad: moments.find(({ bad }) => bad) ?? null, phase: phaseOf(session) };
}

function phaseOf({ acceptedAt, runningAt, decidedAt, endedAt, executions }: TimelineFacts): Phase | null {
  if (endedAt !== null) return null;
  if (decidedAt !== null) return 'finishing';
  if (runningAt !== null) return 'running';
  if (acceptedAt === null) return 'queued';
  return executions.length === 0 ? 'reserved' : 'provisioning';
}

function rowOf(
  session: TimelineFacts,
  component: string,
  kind: ComponentKind,
  execution: ExecutionHistory | null,
): TimelineRow {
  return {
    component,
    kind,
    phases: phasesOf(session, execution),
    healths: execution === null ? [] : healthsOf(session, execution),
  };
}

/** Each phase lasts until the next begins; those that never began, or took no time, are left out. */
function phasesOf(session: TimelineFacts, execution: ExecutionHistory | null): readonly PhaseSegment[] {
  const { createdAt, acceptedAt, runningAt, decidedAt, endedAt } = session;
  const over = decidedAt ?? endedAt;
  const end = execution === null ? null : endOf(execution);
  const readyAt = execution?.healths.find(({ health }) => health === 'ready')?.at ?? null;
  const begins: readonly (readonly [Phase, number | null])[] = [
    ['queued', createdAt],
    ['reserved', acceptedAt],
    ['provisioning', execution?.createdAt ?? null],
    ['ready', readyAt],
    ['running', execution === null || runningAt === null ? null : Math.max(runningAt, startOf(execution) ?? runningAt)],
  ];
  const begun = begins.flatMap(([phase, from]) => (from === null ? [] : [{ phase, from }]));
  const stop = earliest(over, end);
  const before = begun.map(({ phase, from }, index) => {
    const next = Math.min(...begun.slice(index + 1).map((later) => later.from));
    return { phase, from, to: earliest(Number.isFinite(next) ? next : null, stop) };
  });
  const gone = execution?.removedAt ?? endedAt;
  const finishing =
    execution !== null && decidedAt !== null ? [{ phase: 'finishing' as const, from: decidedAt, to: gone }] : [];
  return [...before, ...finishing].filter(({ from, to }) => to === null || from < to);
}

function earliest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

const ENDS: ReadonlySet<ExecutionState> = new Set(['COMPLETE', 'SHUTDOWN', 'FAILED', 'REJECTED', 'REMOVE', 'ORPHANED']);
const FAILURES: ReadonlySet<ExecutionState> = new Set(['FAILED', 'REJECTED', 'ORPHANED']);

/** When it ended, by its process, else by its state. */
function endOf({ exitedAt, transitions }: ExecutionHistory): number | null {
  return exitedAt ?? transitions.find(({ state }) => ENDS.has(state))?.at ?? null;
}

function startOf({ transitions }: ExecutionHistory): number | null {
  return transitions.find(({ state }) => state === 'RUNNING')?.at ?? null;
}

/** From the first that was seen until it is gone. */
function healthsOf({ endedAt }: TimelineFacts, { healths, removedAt }: ExecutionHistory): readonly HealthSegment[] {
  return healths
    .map(({ at, health, reason }, index) => ({
      health,
      reason,
      from: at,
      to: healths[index + 1]?.at ?? removedAt ?? endedAt,
    }))
    .filter(({ from, to }) => to === null || from < to);
}

/** What became of it while the session went on: its health, and failures that its health does not tell. */
function momentsOf(execution: ExecutionHistory, decidedAt: number | null): readonly TimelineMoment[] {
  const { name, healths, transitions } = execution;
  const inTime = ({ at }: { readonly at: number }) => decidedAt === null || at <= decidedAt;
  const seen = healths.filter(inTime);
  const firstReady = seen.findIndex(({ health }) => health === 'ready');
  const moments = seen.map(({ at, health, reason }, index) => ({
    at,
    component: name,
    text: `${name} ${WORDS[health]}${reason === '' ? '' : `: ${reason}`}`,
    // Before it was ready once, not to be ready is no news.
    bad: health === 'failed' || (health === 'not-ready' && firstReady !== -1 && index > firstReady),
  }));
  if (moments.some(({ bad }, index) => bad && seen[index]?.health === 'failed')) return moments;
  const failure = transitions.find((transition) => FAILURES.has(transition.state) && inTime(transition));
  if (failure === undefined) return moments;
  const text = `${name} ${failure.state === 'REJECTED' ? 'was rejected' : 'failed'}${failure.err && `: ${failure.err}`}`;
  return [...moments, { at: failure.at, component: name, text, bad: true }];
}

const WORDS = {
  unknown: 'is unknown',
  ready: 'is ready',
  'not-ready': 'is not ready',
  succeeded: 'succeeded',
  failed: 'failed',
} satisfies Record<ComponentHealth, string>;
