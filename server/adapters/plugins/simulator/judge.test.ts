import { describe, expect, test } from 'vitest';
import type { CallDetail, LoggedCall } from './call-log.ts';
import { judge, type RecordedIntent } from './judge.ts';

const NOW = 1_800_000_000_000;
const LIMITS = new Map([['c', { floor: 4, max: 6 }]]);
const IN_SERVICE = { state: 'started', health: 'healthy', inService: true } as const;
const DRAINED = { state: 'drained', health: 'healthy', inService: false } as const;

type Given = Partial<Omit<LoggedCall, 'detail'>> & { readonly detail?: Partial<CallDetail> };

/** Calls in the order of the log, a second apart. Where nothing is said: five of five machines serve, all is well. */
function log(...given: readonly Given[]): LoggedCall[] {
  return given.map((call, index) => ({
    id: BigInt(index + 1),
    at: NOW + index * 1_000,
    operation: 'drain',
    token: 'a/1/1',
    instanceId: `i${index + 1}`,
    clusterId: 'c',
    effect: true,
    answer: 'ok',
    inService: 5,
    ...call,
    detail: {
      logicalId: null,
      deadline: NOW + index * 1_000 + 10_000,
      machine: call.operation === 'provision' ? null : IN_SERVICE,
      size: 5,
      counts: { starting: 0, started: 5, draining: 0, drained: 0, terminating: 0 },
      unhealthy: 0,
      lossesAt: [],
      ...call.detail,
    },
  }));
}

const intent = (changes: Partial<RecordedIntent>): RecordedIntent => ({
  token: 'a/1/1',
  kind: 'drain',
  count: 0,
  instanceIds: [],
  done: true,
  ...changes,
});

const GOOD = log(
  { operation: 'provision', token: 'a/1/1', instanceId: 'n1', detail: { logicalId: 'a/1/1#1' } },
  {
    operation: 'provision',
    token: 'a/1/1',
    instanceId: 'n1',
    effect: false,
    detail: { logicalId: 'a/1/1#1', size: 6 },
  },
  { operation: 'drain', token: 'a/2/1', instanceId: 'i1', answer: 'lost-answer', detail: { size: 6 } },
  { operation: 'drain', token: 'a/2/1', instanceId: 'i1', inService: 4, effect: false, detail: { machine: DRAINED } },
  { operation: 'destroy', token: 'a/3/1', instanceId: 'i1', inService: 4, detail: { machine: DRAINED } },
);
const GOOD_INTENTS = [
  intent({ token: 'a/1/1', kind: 'start', count: 1 }),
  intent({ token: 'a/2/1', instanceIds: ['i1'] }),
  intent({ token: 'a/3/1', kind: 'terminate', instanceIds: ['i1'] }),
];
const NOTHING = {
  duplicates: [],
  losses: [],
  breaches: [],
  excused: [],
  ceilingBreaches: [],
  callsWithoutIntent: [],
  lateEffects: [],
};

test('a good run has no findings, and says how much was judged', () => {
  expect(judge(GOOD, LIMITS, GOOD_INTENTS)).toEqual({ calls: 5, effects: 3, ...NOTHING });
});

describe('the floor', () => {
  const breaches = (...given: readonly Given[]) =>
    judge(log(...given), LIMITS, []).breaches.map(({ callId }) => callId);

  test('a drain that leaves one fewer than the floor is a breach', () => {
    expect(breaches({ inService: 5 }, { inService: 4 })).toEqual([2n]);
    expect(judge(log({ inService: 4 }), LIMITS, []).breaches).toEqual([
      { clusterId: 'c', instanceId: 'i1', token: 'a/1/1', callId: 1n, why: 'drain of one of 4 in service, floor 4' },
    ]);
  });

  test('so is a termination of a machine in service', () => {
    expect(breaches({ operation: 'destroy', inService: 4 })).toEqual([1n]);
  });

  test('a machine that was out of service takes no capacity along', () => {
    const unhealthy = { state: 'started', health: 'unhealthy', inService: false } as const;
    expect(breaches({ inService: 1, detail: { machine: unhealthy } })).toEqual([]);
    expect(breaches({ operation: 'destroy', inService: 1, detail: { machine: DRAINED } })).toEqual([]);
    expect(breaches({ inService: 1, detail: { machine: null } })).toEqual([]);
  });

  test('neither does a call without effect, a start or an undrain', () => {
    expect(breaches({ inService: 1, effect: false, answer: 'throttled' })).toEqual([]);
    expect(breaches({ operation: 'provision', inService: 1 }, { operation: 'undrain', inService: 1 })).toEqual([]);
  });

  test('what the world took away in the last ten seconds is excused, no more than that', () => {
    const lost = (...ages: number[]): Given => ({ inService: 3, detail: { lossesAt: ages.map((age) => NOW - age) } });
    const verdict = (given: Given) => judge(log(given), LIMITS, []);
    expect(verdict(lost(10_000, 1))).toMatchObject({ breaches: [], excused: [{ callId: 1n }] });
    expect(verdict(lost(10_001, 1))).toMatchObject({ breaches: [{ callId: 1n }], excused: [] });
    expect(verdict(lost(1))).toMatchObject({ breaches: [{ callId: 1n }], excused: [] });
  });

  test('a cluster without limits is not judged by them', () => {
    expect(breaches({ clusterId: 'other', inService: 0 })).toEqual([]);
  });
});

test('a start beyond the maximum is a breach of the ceiling', () => {
  const verdict = judge(
    log({ operation: 'provision', detail: { size: 5 } }, { operation: 'provision', detail: { size: 6 } }),
    LIMITS,
    [],
  );
  expect(verdict.ceilingBreaches.map(({ callId }) => callId)).toEqual([2n]);
});

describe('duplicates', () => {
  const duplicates = (calls: LoggedCall[], intents: readonly RecordedIntent[] = []) =>
    judge(calls, LIMITS, intents).duplicates.map(({ callId }) => callId);

  test('one logical id that is provisioned twice', () => {
    const start = { operation: 'provision', detail: { logicalId: 'a/1/1#1' } } as const;
    expect(duplicates(log(start, start))).toEqual([2n]);
  });

  test('a machine that is drained or destroyed twice', () => {
    const drain = { operation: 'drain', instanceId: 'i1' } as const;
    const destroy = { operation: 'destroy', instanceId: 'i1' } as const;
    expect(duplicates(log(drain, drain, destroy, destroy))).toEqual([2n, 4n]);
  });

  test('not a machine that is drained again after an undrain', () => {
    const drain = { operation: 'drain', instanceId: 'i1' } as const;
    const undrain = { operation: 'undrain', instanceId: 'i1' } as const;
    expect(duplicates(log(drain, undrain, drain, undrain))).toEqual([]);
    expect(duplicates(log(drain, undrain, undrain))).toEqual([3n]);
  });

  test('more machines than the intent wanted, or others', () => {
    const start = (k: number) => ({ operation: 'provision', detail: { logicalId: `a/1/1#${k}` } }) as const;
    expect(duplicates(log(start(1), start(2), start(3)), [intent({ kind: 'start', count: 2 })])).toEqual([3n]);
    expect(duplicates(log({ instanceId: 'i1' }, { instanceId: 'i2' }), [intent({ instanceIds: ['i2'] })])).toEqual([
      1n,
    ]);
  });
});

describe('losses', () => {
  const losses = (calls: LoggedCall[], wanted: RecordedIntent) =>
    judge(calls, LIMITS, [wanted]).losses.map(({ why }) => why);

  test('machines that the runner believes started', () => {
    const calls = log(
      { operation: 'provision', detail: { logicalId: 'a/1/1#1' } },
      { operation: 'provision', effect: false, answer: 'throttled' },
    );
    expect(losses(calls, intent({ kind: 'start', count: 2 }))).toEqual(['1 of 2 machines were started']);
    expect(losses(calls, intent({ kind: 'start', count: 2, done: false }))).toEqual([]);
  });

  test('drains and terminations that never arrived', () => {
    const calls = log(
      { instanceId: 'i1' },
      { instanceId: 'i2', effect: false },
      { instanceId: 'i3', effect: false, answer: 'throttled' },
    );
    expect(losses(calls, intent({ instanceIds: ['i1', 'i2', 'i3', 'i4'] }))).toHaveLength(2);
  });
});

test('a call that nobody intended is found, with effect or not', () => {
  const verdict = judge(
    log(
      { token: 'a/1/1' },
      { token: 'b/1/1' },
      { token: null },
      { token: 'b/1/2', effect: false },
      { operation: 'label', token: null },
    ),
    LIMITS,
    [intent({ instanceIds: ['i1'] })],
  );
  expect(verdict.callsWithoutIntent.map(({ callId }) => callId)).toEqual([2n, 3n, 4n]);
});

test('an effect after the deadline is found', () => {
  const verdict = judge(log({ detail: { deadline: NOW } }, { detail: { deadline: NOW } }), LIMITS, []);
  expect(verdict.lateEffects.map(({ callId }) => callId)).toEqual([2n]);
});
