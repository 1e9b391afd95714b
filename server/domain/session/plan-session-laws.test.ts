import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ExecutionState, isTerminal, rank } from '../execution/execution.ts';
import { planSession, type SessionStep } from './plan-session.ts';
import type { ComponentKind, ComponentSpec, SessionVerdict } from './session.ts';
import type { ExecutionFacts, SessionFacts } from './session-facts.ts';

/** How one component behaves in the toy world. */
interface Nature {
  /** What it ends with by itself; null = it runs until it is asked to end. */
  readonly exitCode: number | null;
  readonly rejected: boolean;
  readonly becomesReady: boolean;
}

interface Chance {
  /** Which component moves next, as a number that is taken modulo how many there are. */
  readonly who: number;
  readonly order: 'cancel' | null;
  readonly passesMs: number;
}

const MACHINE = { environmentId: 'e', clusterId: 'c', instanceId: 'i' };
const START: readonly ExecutionState[] = ['NEW', 'ACCEPTED', 'PREPARING', 'READY', 'STARTING', 'RUNNING'];

type Mutable<Facts> = { -readonly [Key in keyof Facts]: Facts[Key] };

/** A session whose components move one at a time, in any order, and which is planned after any of the moves. */
class World {
  readonly session: Mutable<SessionFacts>;
  readonly verdicts: SessionVerdict[] = [];
  readonly created: string[] = [];
  now = 0;
  readonly #natures: ReadonlyMap<string, Nature>;

  constructor(components: readonly ComponentSpec[], natures: readonly Nature[], limitMs: number, keepForMs: number) {
    this.#natures = new Map(components.map(({ name }, index) => [name, natures[index % natures.length] as Nature]));
    const timeouts = { queueMs: limitMs, provisionMs: limitMs, testMs: limitMs };
    this.session = {
      spec: { name: 's', components, scenario: null, timeouts, labels: {}, priority: 0 },
      state: 'accepted',
      verdict: null,
      ordered: null,
      keepForMs,
      keepUntil: null,
      createdAt: 0,
      acceptedAt: 0,
      provisionAt: null,
      runningAt: null,
      machines: new Map(components.map(({ name }) => [name, MACHINE])),
      executions: [],
    };
  }

  /** One turn of its runner. */
  turn(): SessionStep {
    const step = planSession(this.session, this.now);
    const { session } = this;
    if (step.state === 'provisioning') session.provisionAt ??= this.now;
    if (step.state === 'running') session.runningAt ??= this.now;
    session.state = step.state;
    session.keepUntil = step.keepUntil;
    session.verdict = step.verdict ?? session.verdict;
    if (step.verdict !== null) this.verdicts.push(step.verdict);
    this.created.push(...step.create.map(({ name }) => name));
    const desired = new Map(step.desire.map(({ executionId, desiredState }) => [executionId, desiredState]));
    session.executions = [
      ...session.executions.map((one) => ({ ...one, desiredState: desired.get(one.id) ?? one.desiredState })),
      ...step.create.map(({ name, kind }) => this.#new(name, kind)),
    ];
    return step;
  }

  /** One move of one component, if it has one. */
  move(who: number): void {
    const { executions } = this.session;
    if (executions.length === 0) return;
    const index = who % executions.length;
    this.session.executions = executions.map((one, place) => (place === index ? this.#moved(one) : one));
  }

  driver(): ExecutionFacts | undefined {
    return this.session.executions.find(({ kind }) => kind === 'driver');
  }

  #new(name: string, kind: ComponentKind): ExecutionFacts {
    return {
      id: name,
      name,
      kind,
      status: { state: 'NEW', message: '', err: '', ports: null, timestamp: this.now },
      desiredState: 'RUNNING',
      exitCode: null,
      signal: null,
      startedAt: null,
      exitedAt: null,
      health: 'unknown',
      healthReason: '',
      healthSince: null,
      removed: false,
    };
  }

  #moved(one: ExecutionFacts): ExecutionFacts {
    const { state } = one.status;
    if (isTerminal(state)) return one.desiredState === 'REMOVE' ? { ...one, removed: true } : one;
    if (rank(one.desiredState) >= rank('SHUTDOWN')) return this.#at(one, 'SHUTDOWN');
    const nature = this.#natures.get(one.name);
    if (state === 'PREPARING' && nature?.rejected) return this.#at(one, 'REJECTED');
    if (state !== 'RUNNING') return this.#at(one, START[START.indexOf(state) + 1] ?? 'RUNNING');
    if (one.health === 'unknown' && nature?.becomesReady)
      return {
        ...one,
        health: 'ready',
        healthSince: this.now,
        status: { ...one.status, ports: [{ name: 'p', address: one.name }] },
      };
    if (nature === undefined || nature.exitCode === null) return one;
    return { ...this.#at(one, nature.exitCode === 0 ? 'COMPLETE' : 'FAILED'), exitCode: nature.exitCode };
  }

  #at(one: ExecutionFacts, state: ExecutionState): ExecutionFacts {
    const startedAt = state === 'RUNNING' ? this.now : one.startedAt;
    return {
      ...one,
      startedAt,
      exitedAt: isTerminal(state) && startedAt !== null ? this.now : null,
      status: { ...one.status, state, timestamp: this.now },
    };
  }
}

const LIMIT_MS = 500;

const components = fc.record({ servers: fc.nat(2), clients: fc.nat(2) }).map(({ servers, clients }) => {
  const kinds: readonly ComponentKind[] = [
    'driver',
    ...Array.from({ length: clients }, () => 'client' as const),
    ...Array.from({ length: servers }, () => 'server' as const),
  ];
  return kinds.map(
    (kind, index): ComponentSpec => ({
      name: `${kind}-${index}`,
      kind,
      pool: 'p',
      image: null,
      command: ['x'],
      env: {},
      ports: kind === 'driver' ? [] : [{ name: 'p', port: 0 }],
      probe: null,
      secrets: [],
      configs: [],
    }),
  );
});

const natures = fc.array(
  fc.record({
    exitCode: fc.constantFrom(null, 0, 0, 1),
    rejected: fc.constantFrom(false, false, false, true),
    becomesReady: fc.constantFrom(true, true, true, false),
  }),
  { minLength: 1, maxLength: 5 },
);

const chances = fc.array(
  fc.record({
    who: fc.nat(20),
    order: fc.constantFrom(...Array.from({ length: 80 }, () => null), 'cancel' as const),
    passesMs: fc.constantFrom(0, 1, 1, 20),
  }),
  { maxLength: 120 },
);

const worlds = fc.record({
  components,
  natures,
  chances,
  keepForMs: fc.constantFrom(0, 0, 50),
  finishes: fc.boolean(),
});

type Given = typeof worlds extends fc.Arbitrary<infer Value> ? Value : never;

/** Plays the chances out, and then on in turn until the session has ended; `look` sees the world after each step. */
function play(world: World, { chances: dice, finishes }: Given, look: (step: SessionStep) => void): void {
  const rest = Array.from({ length: 2_000 }, (_, who): Chance => ({ who, order: null, passesMs: 1 }));
  for (const { who, order, passesMs } of [...dice, ...rest]) {
    if (world.session.state === 'ended') return;
    // A person may only ask for what the state allows.
    if (order === 'cancel' && world.session.verdict === null) world.session.ordered = order;
    if (finishes && world.session.state === 'running') world.session.ordered ??= 'finish';
    world.now += passesMs;
    world.move(who);
    look(world.turn());
  }
}

test('every session ends, with one verdict, and nothing of it is left', () => {
  fc.assert(
    fc.property(worlds, (given) => {
      const world = new World(given.components, given.natures, LIMIT_MS, given.keepForMs);
      play(world, given, () => {});
      expect(world.session.state).toBe('ended');
      expect(world.verdicts).toHaveLength(1);
      expect(world.session.executions.every(({ removed }) => removed)).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('no component is started twice, or before all groups before its own were ready', () => {
  fc.assert(
    fc.property(worlds, (given) => {
      const world = new World(given.components, given.natures, LIMIT_MS, given.keepForMs);
      play(world, given, ({ create }) => {
        const order: readonly ComponentKind[] = ['server', 'client', 'driver'];
        for (const { kind } of create) {
          const before = given.components.filter((one) => order.indexOf(one.kind) < order.indexOf(kind));
          const ready = world.session.executions.filter(({ health }) => health === 'ready').map(({ name }) => name);
          expect(ready).toEqual(expect.arrayContaining(before.map(({ name }) => name)));
        }
      });
      expect(new Set(world.created).size).toBe(world.created.length);
    }),
    { numRuns: 400 },
  );
});

test('only a driver that ended by itself makes a success or a failure, and its end is never lost', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(worlds, (given) => {
      const world = new World(given.components, given.natures, LIMIT_MS, given.keepForMs);
      play(world, given, ({ verdict }) => {
        if (verdict === null) return;
        seen.add(verdict.outcome);
        const state = world.driver()?.status.state;
        const byItself = state === 'COMPLETE' ? 'succeeded' : state === 'FAILED' ? 'failed' : null;
        if (verdict.outcome === 'succeeded' || verdict.outcome === 'failed' || byItself !== null)
          expect(verdict.outcome).toBe(byItself);
      });
    }),
    // The seed is fixed, so that all outcomes are among them every time.
    { numRuns: 600, seed: 1 },
  );
  expect([...seen].sort()).toEqual(['cancelled', 'error', 'failed', 'finished', 'succeeded']);
});

test('what was decided stays decided: states only go on, and nothing is started after the verdict', () => {
  const order = ['queued', 'accepted', 'provisioning', 'running', 'keeping', 'cleaning', 'ended'];
  fc.assert(
    fc.property(worlds, (given) => {
      const world = new World(given.components, given.natures, LIMIT_MS, given.keepForMs);
      let present = 0;
      play(world, given, ({ state, create }) => {
        expect(order.indexOf(state)).toBeGreaterThanOrEqual(present);
        present = order.indexOf(state);
        if (world.verdicts.length > 0) expect(create).toEqual([]);
      });
    }),
    { numRuns: 200 },
  );
});
