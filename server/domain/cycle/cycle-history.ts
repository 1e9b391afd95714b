import type { InstanceState } from '../cluster/cluster.ts';
import type { CycleState } from './cycle-state.ts';

/** What a lane shows of an instance: its state, told apart where it has started and is unhealthy, or that it is no longer listed. */
export type LaneState = InstanceState | 'unhealthy' | 'gone';

export interface LaneEvent {
  readonly kind: 'refused' | 'failure' | 'retry' | 'skipped' | 'forced' | 'extended';
  /** Milliseconds after the history's `from`. */
  readonly at: number;
  /** A fact in words: "drain refused: throttled". */
  readonly text: string;
  /** By how much its drain was extended; 0 for all but `extended`. */
  readonly byMs: number;
}

/** One instance that a cycle was to touch, or started. */
export interface InstanceLane {
  readonly instanceId: string;
  readonly role: 'planned' | 'started';
  /** The ordinal, from 1, of the drains that it goes with; expected where it has not gone yet, null where it never will. */
  readonly wave: number | null;
  /** Of a started one: the planned one whose place it takes. */
  readonly replaces: string | null;
  /**
   * Each change of state: milliseconds after `from`, and the state from then on. The first is at 0 where the instance
   * was there before. Pairs, since a thousand lanes of ten changes are sent at once.
   */
  readonly changes: readonly (readonly [number, LaneState])[];
  readonly events: readonly LaneEvent[];
}

/** A state that the cycle entered, and why in words; null where nobody said why. */
export interface CycleStateChange {
  readonly at: number;
  readonly state: CycleState;
  readonly sentence: string | null;
  /** The person who ordered it; null: the runner. */
  readonly byName: string | null;
}

/** All that is needed to draw a cycle over time, and to say how it stood at any moment of it. Epoch milliseconds. */
export interface CycleHistory {
  /** When the cycle was approved. */
  readonly from: number;
  /** When it ended; null while it goes on. */
  readonly to: number | null;
  /** In the order of time; the first is at `from`. */
  readonly states: readonly CycleStateChange[];
  /** The planned ones in the order in which they go, then the started ones in the order in which they came. */
  readonly lanes: readonly InstanceLane[];
}

export interface HistoryIntent {
  readonly step: number;
  readonly ordinal: number;
  readonly kind: 'start' | 'drain' | 'terminate' | 'undrain';
  readonly instanceId: string | null;
  readonly outcome: 'pending' | 'done' | 'partly-done' | 'not-done' | 'failed' | 'unknown';
  readonly message: string | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

export interface HistoryFacts {
  readonly from: number;
  readonly to: number | null;
  /** Those that the forecast drains together, in the order of time. */
  readonly expectedWaves: readonly (readonly string[])[];
  readonly members: readonly {
    readonly instanceId: string;
    readonly role: 'planned' | 'started';
    readonly decision: 'replace' | 'scale-in' | 'finish' | null;
    readonly skipped: { readonly byName: string; readonly at: number } | null;
    readonly forced: { readonly byName: string; readonly at: number } | null;
    /** When the cycle saw that it was no longer listed, which is often before whoever writes the transitions saw it. */
    readonly goneAt: number | null;
  }[];
  /** Of each instance in the order of time; the first may be from before `from`. */
  readonly transitions: readonly {
    readonly instanceId: string;
    readonly at: number;
    readonly state: string;
    readonly health: string | null;
  }[];
  /** In the order of step and ordinal. */
  readonly intents: readonly HistoryIntent[];
  readonly failures: readonly {
    readonly instanceId: string;
    readonly kind: string;
    readonly evidence: string;
    readonly at: number;
  }[];
  /** The states that the cycle entered after the first. */
  readonly states: readonly CycleStateChange[];
  /** What people ordered for one instance, beyond skipping and forcing it. */
  readonly orders: readonly {
    readonly at: number;
    readonly instanceId: string;
    readonly byName: string;
    /** By how much its drain was extended; 0: it was to be tried again. */
    readonly byMs: number;
  }[];
}

/** Puts together what was stored of a cycle. A pure function. */
export function cycleHistory(facts: HistoryFacts): CycleHistory {
  const changes = changesOf(facts);
  const events = eventsOf(facts);
  const left = leftAt(facts, changes);
  const waves = wavesOf(facts);
  const replaced = pairs(facts, changes, left);
  const lanes = facts.members.map(
    ({ instanceId, role }): InstanceLane => ({
      instanceId,
      role,
      wave: waves.get(role === 'started' ? (replaced.get(instanceId) ?? '') : instanceId) ?? null,
      replaces: replaced.get(instanceId) ?? null,
      changes: changes.get(instanceId) ?? [],
      events: events.get(instanceId) ?? [],
    }),
  );
  const place = new Map(inOrder(facts, changes, left).map((id, index) => [id, index]));
  return {
    from: facts.from,
    to: facts.to,
    states: [{ at: facts.from, state: 'approved', sentence: null, byName: null }, ...facts.states],
    lanes: lanes.sort((a, b) => (place.get(a.instanceId) ?? 0) - (place.get(b.instanceId) ?? 0)),
  };
}

/** When drains were ordered together, each step of them once: the waves of a cycle. */
export function drainSteps(
  intents: readonly { readonly kind: string; readonly step: number; readonly createdAt: number }[],
): { readonly step: number; readonly at: number }[] {
  const steps = new Map<number, number>();
  for (const { kind, step, createdAt } of intents) {
    if (kind === 'drain' && !steps.has(step)) steps.set(step, createdAt);
  }
  return [...steps].map(([step, at]) => ({ step, at }));
}

const STATES = ['starting', 'started', 'draining', 'drained', 'terminating', 'gone'] as const;

type Changes = ReadonlyMap<string, readonly (readonly [number, LaneState])[]>;

/** What a lane was at a moment; null before it was there. */
export function laneStateAt(
  lane: Pick<InstanceLane, 'changes'>,
  ms: number,
): { state: LaneState; since: number } | null {
  const change = lane.changes.findLast(([at]) => at <= ms);
  return change === undefined ? null : { state: change[1], since: change[0] };
}

function changesOf({ transitions, members, from }: HistoryFacts): Changes {
  const changes = new Map<string, (readonly [number, LaneState])[]>();
  for (const { instanceId, at, state: name, health } of transitions) {
    const known = STATES.find((one) => one === name);
    if (known === undefined) continue;
    const state = known === 'started' && health === 'unhealthy' ? 'unhealthy' : known;
    const lane = changes.get(instanceId) ?? [];
    // A change of configuration or health alone is no change of state.
    if (lane.at(-1)?.[1] !== state) lane.push([Math.max(0, at - from), state]);
    changes.set(instanceId, lane);
  }
  for (const { instanceId, goneAt } of members) {
    const last = changes.get(instanceId)?.at(-1);
    if (goneAt === null || last === undefined || last[1] === 'gone') continue;
    changes.get(instanceId)?.push([Math.max(last[0], goneAt - from), 'gone']);
  }
  return changes;
}

function isAccepted({ outcome }: HistoryIntent): boolean {
  return outcome !== 'not-done' && outcome !== 'failed';
}

/** When each began to leave: its first drain or termination that was not refused, or when it had gone by itself. */
function leftAt({ intents, from }: HistoryFacts, changes: Changes): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const [id, lane] of changes) {
    const gone = lane.findLast(([, state]) => state === 'gone');
    if (gone !== undefined) left.set(id, gone[0]);
  }
  for (const intent of intents) {
    const { kind, instanceId, createdAt } = intent;
    if (instanceId === null || (kind !== 'drain' && kind !== 'terminate') || !isAccepted(intent)) continue;
    left.set(instanceId, Math.min(createdAt - from, left.get(instanceId) ?? Number.POSITIVE_INFINITY));
  }
  return left;
}

/**
 * An instance goes in the wave of its first drain that was not refused. One that has not gone yet is expected in the
 * wave that the forecast has it in, or in the next one where that is over already.
 */
function wavesOf({ intents, members, expectedWaves }: HistoryFacts): ReadonlyMap<string, number> {
  const waves = new Map<string, number>();
  const ordinals = new Map(drainSteps(intents).map(({ step }, index) => [step, index + 1]));
  for (const intent of intents) {
    const { kind, instanceId, step } = intent;
    const wave = ordinals.get(step);
    if (kind !== 'drain' || instanceId === null || wave === undefined || !isAccepted(intent)) continue;
    if (!waves.has(instanceId)) waves.set(instanceId, wave);
  }
  const next = ordinals.size + 1;
  const waiting = new Set(
    members.filter((one) => one.role === 'planned' && one.skipped === null).map((one) => one.instanceId),
  );
  expectedWaves.forEach((ids, index) => {
    for (const id of ids) if (waiting.has(id) && !waves.has(id)) waves.set(id, Math.max(next, index + 1));
  });
  return waves;
}

/** The planned ones as they left, then as the forecast has them leave; the started ones as they came. */
function inOrder(facts: HistoryFacts, changes: Changes, left: ReadonlyMap<string, number>): string[] {
  const expected = new Map(facts.expectedWaves.flat().map((id, index) => [id, index]));
  const ordered = new Map<string, number>();
  facts.intents.forEach(({ instanceId }, index) => {
    if (instanceId !== null && !ordered.has(instanceId)) ordered.set(instanceId, index);
  });
  const last = Number.MAX_SAFE_INTEGER;
  const key = ({ instanceId: id, role }: HistoryFacts['members'][number]) =>
    role === 'planned'
      ? [0, left.get(id) ?? last, ordered.get(id) ?? last, expected.get(id) ?? last]
      : [1, changes.get(id)?.[0]?.[0] ?? last, 0, 0];
  return facts.members
    .map((member) => ({ id: member.instanceId, key: key(member) }))
    .sort((a, b) => {
      const differing = a.key.findIndex((value, index) => value !== b.key[index]);
      if (differing === -1) return a.id < b.id ? -1 : 1;
      return (a.key[differing] ?? 0) - (b.key[differing] ?? 0);
    })
    .map(({ id }) => id);
}

/**
 * Which started instance takes the place of which planned one. Nothing stores it, since the planner only keeps numbers;
 * so it is told by the order: the k-th that came and stays takes the place of the k-th that is replaced. Skipped ones
 * are not replaced, and a started one that leaves again takes nobody's place: the next one does.
 */
function pairs(facts: HistoryFacts, changes: Changes, left: ReadonlyMap<string, number>): ReadonlyMap<string, string> {
  const byId = new Map(facts.members.map((member) => [member.instanceId, member]));
  const order = inOrder(facts, changes, left);
  const replaced = order.filter((id) => {
    const member = byId.get(id);
    return member?.role === 'planned' && member.decision === 'replace' && member.skipped === null;
  });
  const came = order.filter((id) => byId.get(id)?.role === 'started' && !left.has(id));
  return new Map(
    came.flatMap((id, index): [string, string][] => {
      const place = replaced[index];
      return place === undefined ? [] : [[id, place]];
    }),
  );
}

function eventsOf(facts: HistoryFacts): ReadonlyMap<string, readonly LaneEvent[]> {
  const events = new Map<string, LaneEvent[]>();
  const add = (instanceId: string, kind: LaneEvent['kind'], at: number, text: string, byMs = 0) => {
    const lane = events.get(instanceId) ?? [];
    lane.push({ kind, at: Math.max(0, at - facts.from), text, byMs });
    events.set(instanceId, lane);
  };
  const attempts = new Map<string, number>();
  for (const { kind, instanceId, outcome, message, createdAt, settledAt } of facts.intents) {
    if (instanceId === null) continue;
    const key = `${kind} ${instanceId}`;
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    if (attempt > 1) add(instanceId, 'retry', createdAt, `${kind}, attempt ${attempt}`);
    const said = message === null ? '' : `: ${message}`;
    if (outcome === 'failed') add(instanceId, 'refused', settledAt ?? createdAt, `${kind} refused${said}`);
    else if (outcome === 'not-done') add(instanceId, 'refused', settledAt ?? createdAt, `${kind} not done${said}`);
  }
  for (const { instanceId, kind, evidence, at } of facts.failures)
    add(instanceId, 'failure', at, `${kind.replaceAll('-', ' ')}: ${evidence}`);
  for (const { instanceId, skipped, forced } of facts.members) {
    if (skipped !== null) add(instanceId, 'skipped', skipped.at, `skipped by ${skipped.byName}`);
    if (forced !== null) add(instanceId, 'forced', forced.at, `forced by ${forced.byName}`);
  }
  for (const { instanceId, at, byName, byMs } of facts.orders) {
    if (byMs > 0) add(instanceId, 'extended', at, `drain extended by ${byName}`, byMs);
    else add(instanceId, 'retry', at, `retried by ${byName}`);
  }
  for (const lane of events.values()) lane.sort((a, b) => a.at - b.at);
  return events;
}
