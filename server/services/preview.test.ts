import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprint } from '../domain/approval/fingerprint.ts';
import type { Knobs } from '../domain/approval/plan.ts';
import { staleness } from '../domain/approval/staleness.ts';
import type { Instance, Workload } from '../domain/cluster/cluster.ts';
import type { ClusterRecord } from '../domain/cluster/fleet.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';
import { type PreviewFacts, preview } from './preview.ts';
import { sha256 } from './sha256.ts';

const NOW = Date.UTC(2026, 0, 1);

const old = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'old',
  createdAt: NOW - 3_600_000,
  updatedAt: null,
  health: 'healthy',
  ...facts,
});

/** What somebody who holds a machine is told as. */
const by = (name: string, sessionId: string | null): Workload => ({
  name,
  since: NOW,
  holder: { reservationId: `reservation of ${name}`, sessionId },
});

const three = [old('m-1'), old('m-2'), old('m-3')];

interface Given {
  readonly record?: Partial<ClusterRecord>;
  readonly instances?: readonly Instance[];
  readonly facts?: Partial<PreviewFacts>;
  readonly knobs?: Knobs;
}

const DEMO = {
  id: 'e',
  name: 'demo',
  kind: 'simulator',
  hostId: null,
  hostName: null,
  settings: {},
  selfApproval: false,
  maxActiveCycles: null,
  approvalsNeeded: 1,
  disabledAt: null,
};

function factsOf({ record = {}, instances = three, facts = {} }: Given): PreviewFacts {
  const { minSize, maxSize, ...declared } = { minSize: 2, maxSize: 4, ...record };
  return {
    record: {
      id: 'c',
      name: 'web',
      environmentId: 'e',
      config: 'new',
      spec: {},
      minSize,
      targetSize: 3,
      maxSize,
      policy: null,
      drainTimeoutMs: 600_000,
      labels: {},
      observedAt: NOW,
      observeError: null,
      ...declared,
    },
    environment: DEMO,
    cluster: { id: 'c', name: 'web', config: 'new', minSize, maxSize, instances },
    durations: { startMs: [], drainMs: [], terminateMs: [] },
    configs: new Map(),
    activeCycleId: null,
    reachable: true,
    capabilities: null,
    ...facts,
  };
}

const look = (given: Given, knobs: Knobs = given.knobs ?? {}) => preview(factsOf(given), knobs, NOW);
const raised = (given: Given, knobs?: Knobs) => look(given, knobs).checks.map((check) => check.id);

/** As the button does it: what is supposed already stays, where the fix does not say otherwise. */
const pressed = (before: Knobs, fix: Knobs): Knobs => ({
  ...before,
  ...fix,
  ...(before.policy === undefined && fix.policy === undefined ? {} : { policy: { ...before.policy, ...fix.policy } }),
});

test('a plain replacement of three raises no check, and ends', () => {
  const body = look({});
  expect(body.checks).toEqual([]);
  expect(body.forecast.outcome).toBe('completes');
  expect(body.sentence).toMatch(
    /^Replace 3 of 3 instances: 1 canary, then .* In service never below \d \(floor \d\)\./,
  );
});

test('what the times rest on is said: on nothing, on what was observed, and of a large cluster on a factor', () => {
  const durations = { startMs: [30_000, 90_000], drainMs: [60_000], terminateMs: [] };
  const large = Array.from({ length: 101 }, (_, index) => old(`m-${index}`));
  const sizes = { minSize: 90, targetSize: 101, maxSize: 110 };
  expect(look({}).sentence).toMatch(/\(p90, from defaults, nothing observed yet\)\.$/);
  expect(look({ facts: { durations } }).sentence).toMatch(/\(p90, from 3 observed times\)\.$/);
  const { sentence } = look({ instances: large, record: sizes, facts: { durations } });
  expect(sentence).toMatch(/\(p90, 1\.3 times p50, from 3 observed times\)\.$/);
});

/** Of a back end that cannot tell when an instance is drained. */
const BLIND = { undrain: false, close: false, token: 'by-tag', observesDrain: false, drainWaitMs: 90_000 } as const;

/** For each check a case that raises it, its level, and the labels of its buttons. */
const CASES: Readonly<Record<string, Given & { level: 'blocker' | 'warning'; buttons: readonly string[] }>> = {
  'min-below-max': {
    record: { minSize: 3, maxSize: 5 },
    knobs: { minSize: 3, maxSize: 3 },
    level: 'blocker',
    buttons: ['max 4: surge', 'min 2: one machine out of service'],
  },
  'target-below-min': {
    knobs: { targetSize: 2, minSize: 3 },
    level: 'blocker',
    buttons: ['min 2', 'target 3'],
  },
  'target-above-max': {
    knobs: { targetSize: 4, maxSize: 3 },
    level: 'blocker',
    buttons: ['target 3', 'max 4'],
  },
  'max-above-cluster': { knobs: { maxSize: 5 }, level: 'blocker', buttons: ['max 4'] },
  'min-below-cluster': { knobs: { minSize: 1 }, level: 'warning', buttons: ['min 2'] },
  'no-room': {
    knobs: { policy: { surge: 0, maxUnavailable: 0 } },
    level: 'blocker',
    buttons: ['max 4: start one first', 'min 2: one machine out of service'],
  },
  'never-read': { record: { observedAt: null }, level: 'blocker', buttons: [] },
  'not-readable': { record: { observeError: 'no answer' }, level: 'blocker', buttons: [] },
  'image-not-looked-up': {
    record: { spec: { image: 'web:2' } },
    facts: { environment: { ...DEMO, kind: 'docker' } },
    level: 'blocker',
    buttons: [],
  },
  'cannot-skip': {
    knobs: { policy: { onDrainTimeout: 'skip' } },
    facts: { environment: { ...DEMO, kind: 'infrakit' } },
    level: 'blocker',
    buttons: ['pause and ask instead'],
  },
  disabled: { facts: { environment: { ...DEMO, disabledAt: 1 } }, level: 'blocker', buttons: [] },
  'no-worker': { facts: { reachable: false }, level: 'blocker', buttons: [] },
  'active-cycle': { facts: { activeCycleId: 'cyc_1' }, level: 'blocker', buttons: [] },
  'nothing-to-do': {
    instances: three.map((one) => ({ ...one, config: 'new' })),
    level: 'blocker',
    buttons: [],
  },
  'never-ends': {
    instances: [...three.slice(1), old('m-1', { config: 'new', health: 'unhealthy' })],
    level: 'blocker',
    buttons: [],
  },
  'slow-drain': {
    record: { drainTimeoutMs: 60_000 },
    facts: { durations: { startMs: [], drainMs: [90_000], terminateMs: [] } },
    level: 'warning',
    buttons: ['drain timeout 3 min'],
  },
  'below-floor': {
    instances: three.map((one) => (one.id === 'm-3' ? one : { ...one, state: 'starting' })),
    level: 'warning',
    buttons: [],
  },
  unhealthy: {
    instances: [...three.slice(1), old('m-1', { health: 'unhealthy' })],
    level: 'warning',
    buttons: [],
  },
  protected: {
    instances: [...three.slice(1), old('m-1', { protection: 'protected' })],
    level: 'warning',
    buttons: ['replace it instead'],
  },
  'drain-not-observable': {
    facts: { capabilities: BLIND },
    level: 'warning',
    buttons: [],
  },
  held: {
    instances: [...three.slice(1), old('m-1', { workloads: [by('session nightly', 'ses_1')] })],
    level: 'warning',
    buttons: [],
  },
  'forced-drain': {
    instances: [...three.slice(1), old('m-1', { workloads: [{ name: 'a job', since: NOW }] })],
    knobs: { policy: { onDrainTimeout: 'force' } },
    level: 'warning',
    buttons: ['pause and ask instead'],
  },
};

test('that a drain cannot be observed is said with the wait, and only where something is drained', () => {
  const facts = { capabilities: BLIND };
  const said = (given: Given) => look(given).checks.find(({ id }) => id === 'drain-not-observable')?.sentence;
  expect(said({ facts })).toContain('cannot tell when an instance is drained: each is taken for drained 90 s after');
  expect(said({ facts, instances: three.map((one) => ({ ...one, config: 'new' })) })).toBeUndefined();
  expect(said({ facts: { capabilities: { ...BLIND, observesDrain: true } } })).toBeUndefined();
});

test.each([
  ['docker', `web:2@sha256:${'0'.repeat(64)}`],
  ['docker', `sha256:${'0'.repeat(64)}`],
  ['simulator', 'web:2'],
])('in an environment of the kind %s the image %s has nothing to be looked up', (kind, image) => {
  expect(raised({ record: { spec: { image } }, facts: { environment: { ...DEMO, kind } } })).toEqual([]);
});

test('every check has a case here', () => {
  expect(look({}).checksMade).toBe(Object.keys(CASES).length);
});

describe.each(Object.entries(CASES))('the check %s', (id, { level, buttons, ...given }) => {
  test('is raised, at its level, with its buttons', () => {
    const found = look(given).checks.find((check) => check.id === id);
    expect(found).toMatchObject({ level });
    expect(found?.fixes.map((fix) => fix.label)).toEqual(buttons);
    expect(found?.sentence).toMatch(/\.$/);
    expect(found?.source).not.toBe('');
  });

  test('passes when one of its buttons is pressed, and no other blocker comes', () => {
    const before = look(given).checks;
    const blockers = before.filter((check) => check.level === 'blocker').map((check) => check.id);
    for (const { knobs } of before.find((check) => check.id === id)?.fixes ?? []) {
      const after = look(given, pressed(given.knobs ?? {}, knobs)).checks;
      expect(after.map((check) => check.id)).not.toContain(id);
      expect(after.filter((check) => check.level === 'blocker' && !blockers.includes(check.id))).toEqual([]);
    }
  });
});

describe('a cluster of one machine', () => {
  const one = (sizes: Partial<ClusterRecord>): Given => ({
    record: { targetSize: 1, ...sizes },
    instances: [old('m-1')],
  });

  test('with room for a second one works as it is: the new one first', () => {
    const body = look(one({ minSize: 1, maxSize: 2 }));
    expect(body.checks).toEqual([]);
    expect(body.forecast).toMatchObject({ outcome: 'completes', lowest: { inService: 1 } });
  });

  test('without room says the one change that it needs, and works with it', () => {
    const given = one({ minSize: 1, maxSize: 1 });
    const { checks, sentence } = look(given);
    expect(sentence).toBe('Nothing can be planned with these sizes.');
    const blockers = checks.filter((check) => check.level === 'blocker');
    expect(blockers.map((check) => check.id)).toEqual(['min-below-max', 'no-room']);
    for (const { fixes } of blockers) {
      expect(fixes.map((fix) => fix.label)).toEqual(['min 0: one machine out of service']);
      const body = look(given, fixes[0]?.knobs);
      expect(body.checks.map((check) => check.id)).toEqual(['min-below-cluster']);
      expect(body.forecast).toMatchObject({ outcome: 'completes', lowest: { inService: 0 } });
    }
  });
});

test('a max that is the target, without a policy of its own: the old one goes first', () => {
  const body = look({ record: { minSize: 2, targetSize: 3, maxSize: 3 }, knobs: { minSize: 2 } });
  expect(body.policy).toMatchObject({ surge: 0, maxUnavailable: 1 });
  expect(body.checks).toEqual([]);
  expect(body.forecast).toMatchObject({ outcome: 'completes', peakSize: 3, lowest: { inService: 2 } });
});

test('a min that is the target, without a policy of its own: the new one comes first', () => {
  const body = look({ record: { minSize: 3, targetSize: 3, maxSize: 4 } });
  expect(body.policy).toMatchObject({ surge: 1, maxUnavailable: 0 });
  expect(body.checks).toEqual([]);
  expect(body.forecast).toMatchObject({ outcome: 'completes', peakSize: 4, lowest: { inService: 3 } });
});

const policies: fc.Arbitrary<CyclePolicy | null> = fc.oneof(
  fc.constant(null),
  fc.record({ surge: fc.nat(2), maxUnavailable: fc.nat(2) }),
);

test('whatever sizes are asked for, each button of a check on them makes that check pass', () => {
  const sizes = { minSize: fc.nat(4), targetSize: fc.nat(4), maxSize: fc.nat(4) };
  const buttons = new Map<string, number>();
  fc.assert(
    fc.property(
      fc.record(sizes).filter(({ minSize, targetSize, maxSize }) => minSize <= targetSize && targetSize <= maxSize),
      fc.record(sizes, { requiredKeys: [] }),
      policies,
      (record, knobs, policy) => {
        const given: Given = { record: { ...record, policy }, instances: [old('m-1')] };
        const sized = look(given, knobs).checks.filter((check) =>
          ['sizes', 'cluster', 'policy'].includes(check.source),
        );
        for (const { id, fixes } of sized) {
          for (const fix of fixes) {
            buttons.set(id, (buttons.get(id) ?? 0) + 1);
            expect(raised(given, pressed(knobs, fix.knobs))).not.toContain(id);
          }
        }
      },
    ),
    { seed: 1, numRuns: 200 },
  );
  expect([...buttons.keys()].sort()).toEqual([
    'max-above-cluster',
    'min-below-cluster',
    'min-below-max',
    'no-room',
    'target-above-max',
    'target-below-min',
  ]);
});

test('a drain without a limit is never forced', () => {
  const given = CASES['forced-drain'] ?? {};
  expect(raised({ ...given, record: { drainTimeoutMs: 0 } })).not.toContain('forced-drain');
});

test('an empty cluster that shall stay empty has nothing to do', () => {
  expect(raised({ record: { minSize: 0, targetSize: 0 }, instances: [] })).toContain('nothing-to-do');
});

describe('machines that somebody holds', () => {
  const [nightly, weekly, ada] = [
    by('session nightly', 'ses_1'),
    by('session weekly', 'ses_2'),
    by('reserved by Ada: soak', null),
  ];
  const held = [
    old('m-1', { workloads: [nightly, { name: 'a job', since: NOW }] }),
    old('m-2', { workloads: [nightly] }),
    old('m-3', { workloads: [ada] }),
  ];
  const said = (given: Given) => look(given).checks.find(({ id }) => id === 'held')?.sentence;

  test('are counted and named by whoever holds them, and their wait and its end are said', () => {
    const names = 'session nightly (m-1, m-2) and reserved by Ada: soak (m-3)';
    const head = `1 session and 1 reservation hold 3 machines that would be replaced: ${names}.`;
    const ends = {
      pause: 'then pauses and asks',
      skip: 'then skips it',
      force: 'then ends it with the work that it still has',
    } as const;
    for (const [onDrainTimeout, then] of Object.entries(ends) as [keyof typeof ends, string][]) {
      expect(said({ instances: held, knobs: { policy: { onDrainTimeout } } })).toBe(
        `${head} The cycle waits for each up to the drain timeout of 10 min, ${then}.`,
      );
    }
    expect(said({ instances: held, record: { drainTimeoutMs: 0 } })).toBe(
      `${head} The cycle waits for each until it is given back.`,
    );
  });

  test('that stay raise no check', () => {
    const current = held.map((one) => ({ ...one, config: 'new' }));
    expect(said({ instances: [...current, old('m-4')] })).toBeUndefined();
  });

  test('more than three who hold some are cut short', () => {
    const many = ['a', 'b', 'c', 'd'].map((name, index) =>
      old(`m-${index}`, { workloads: [by(`session ${name}`, name)] }),
    );
    expect(said({ record: { minSize: 3, targetSize: 4, maxSize: 5 }, instances: many })).toMatch(
      /^4 sessions hold 4 machines that would be replaced: session a \(m-0\), session b \(m-1\) and 2 others\./,
    );
  });

  test('of which one is scaled in are said to be', () => {
    const instances = [...three.slice(1), old('m-1', { createdAt: 0, workloads: [weekly] }), old('m-4')].map((one) => ({
      ...one,
      config: 'new',
    }));
    expect(said({ instances })).toMatch(/^1 session holds a machine that would be scaled in: session weekly \(m-1\)\./);
  });

  test('change no decision of a plan: it is the same plan before a session comes and after it went', () => {
    const [busy, free] = [look({ instances: held }), look({ instances: three })];
    expect(fingerprint(busy.basis, sha256)).toBe(fingerprint(free.basis, sha256));
    const { verdict, changes } = staleness(
      { basis: free.basis, instances: free.cluster.instances },
      { basis: busy.basis, cluster: busy.cluster },
    );
    expect([verdict, changes]).toEqual(['fresh', []]);
  });
});
