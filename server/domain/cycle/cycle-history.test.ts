import { expect, test } from 'vitest';
import { cycleHistory, drainSteps, type HistoryFacts, type HistoryIntent, laneStateAt } from './cycle-history.ts';

const FROM = 1_000_000;

function planned(instanceId: string, facts: Partial<HistoryFacts['members'][number]> = {}) {
  return {
    instanceId,
    role: 'planned',
    decision: 'replace',
    skipped: null,
    forced: null,
    goneAt: null,
    ...facts,
  } as const;
}

function started(instanceId: string) {
  return { instanceId, role: 'started', decision: null, skipped: null, forced: null, goneAt: null } as const;
}

function change(instanceId: string, at: number, state: string, health: string | null = null) {
  return { instanceId, at: FROM + at, state, health };
}

function order(
  kind: HistoryIntent['kind'],
  instanceId: string,
  step: number,
  facts: Partial<HistoryIntent> = {},
): HistoryIntent {
  const createdAt = FROM + step * 100;
  return {
    step,
    ordinal: 0,
    kind,
    instanceId,
    outcome: 'done',
    message: null,
    createdAt,
    settledAt: createdAt + 5,
    ...facts,
  };
}

function history(facts: Partial<HistoryFacts>) {
  return cycleHistory({
    from: FROM,
    to: null,
    expectedWaves: [],
    members: [],
    transitions: [],
    intents: [],
    failures: [],
    states: [],
    orders: [],
    ...facts,
  });
}

function lane(facts: Partial<HistoryFacts>, id: string) {
  const found = history(facts).lanes.find((one) => one.instanceId === id);
  if (found === undefined) throw new Error(`no lane ${id}`);
  return found;
}

test('a lane begins with the state that it had before, and changes only where the state does', () => {
  const transitions = [
    change('m-1', -500, 'started', 'healthy'),
    change('m-1', 200, 'started', 'unhealthy'),
    change('m-1', 250, 'started', 'unhealthy'),
    change('m-1', 300, 'draining'),
    change('m-1', 400, 'gone'),
  ];
  const { changes } = lane({ members: [planned('m-1')], transitions }, 'm-1');
  expect(changes).toEqual([
    [0, 'started'],
    [200, 'unhealthy'],
    [300, 'draining'],
    [400, 'gone'],
  ]);
  expect(laneStateAt({ changes }, 299)).toEqual({ state: 'unhealthy', since: 200 });
  expect(laneStateAt({ changes }, 300)).toEqual({ state: 'draining', since: 300 });
});

test.each([
  ['nobody else has written that yet', [], [450, 'gone']],
  ['it was written a moment later', [change('m-1', 470, 'gone')], [470, 'gone']],
  ['it was listed once more in an older read', [change('m-1', 460, 'terminating')], [460, 'gone']],
])('a lane ends where the cycle saw the instance gone: %s', (_, later, last) => {
  const members = [planned('m-1', { goneAt: FROM + 450 })];
  const transitions = [change('m-1', -500, 'started'), change('m-1', 400, 'drained'), ...later];
  expect(lane({ members, transitions }, 'm-1').changes.at(-1)).toEqual(last);
});

test('a lane is nothing before its instance came', () => {
  const { changes } = lane({ members: [started('n-1')], transitions: [change('n-1', 70, 'starting')] }, 'n-1');
  expect(laneStateAt({ changes }, 69)).toBeNull();
});

test('the k-th that came takes the place of the k-th that left, in whatever order they are stored', () => {
  const facts = {
    members: [planned('m-1'), started('n-1'), planned('m-2'), started('n-2')],
    intents: [order('drain', 'm-2', 1), order('drain', 'm-1', 2)],
    transitions: [change('n-1', 90, 'starting'), change('n-2', 20, 'starting')],
  };
  expect(lane(facts, 'n-2').replaces).toBe('m-2');
  expect(lane(facts, 'n-1').replaces).toBe('m-1');
  expect(history(facts).lanes.map((one) => one.instanceId)).toEqual(['m-2', 'm-1', 'n-2', 'n-1']);
});

test('one that is still there is replaced in the order of the forecast', () => {
  const facts = {
    members: [planned('m-1'), planned('m-2'), planned('m-3'), started('n-1'), started('n-2')],
    expectedWaves: [['m-3'], ['m-2'], ['m-1']],
    intents: [order('drain', 'm-3', 1)],
    transitions: [change('n-1', 20, 'starting'), change('n-2', 90, 'starting')],
  };
  expect(lane(facts, 'n-1').replaces).toBe('m-3');
  expect(lane(facts, 'n-2').replaces).toBe('m-2');
});

test('one that left again takes nobody’s place: the next that came does', () => {
  const facts = {
    members: [planned('m-1'), started('n-1'), started('n-2')],
    intents: [order('terminate', 'n-1', 1), order('drain', 'm-1', 2)],
    transitions: [change('n-1', 10, 'starting'), change('n-2', 150, 'starting')],
  };
  expect(lane(facts, 'n-1').replaces).toBeNull();
  expect(lane(facts, 'n-2').replaces).toBe('m-1');
});

test('nobody takes the place of one that is skipped or only leaves', () => {
  const skipped = { byName: 'Ada', at: FROM + 50 };
  const facts = {
    members: [planned('m-1', { skipped }), planned('m-2', { decision: 'scale-in' as const }), started('n-1')],
    intents: [order('drain', 'm-2', 1)],
    transitions: [change('n-1', 10, 'starting')],
  };
  expect(lane(facts, 'n-1').replaces).toBeNull();
});

test('a wave is a step that drains; a started one goes with the one whose place it takes', () => {
  const facts = {
    members: [planned('m-1'), planned('m-2'), started('n-2')],
    intents: [order('drain', 'm-2', 3), order('drain', 'm-1', 7)],
    transitions: [change('n-2', 10, 'starting')],
  };
  expect(lane(facts, 'm-2').wave).toBe(1);
  expect(lane(facts, 'm-1').wave).toBe(2);
  expect(lane(facts, 'n-2').wave).toBe(1);
  expect(drainSteps(facts.intents)).toEqual([
    { step: 3, at: FROM + 300 },
    { step: 7, at: FROM + 700 },
  ]);
});

test('one that waits is expected in its wave of the forecast, and never in one that is over', () => {
  const facts = {
    members: [planned('m-1'), planned('m-2'), planned('m-3'), planned('m-4', { skipped: { byName: 'Ada', at: FROM } })],
    expectedWaves: [['m-1', 'm-2', 'm-4'], [], ['m-3']],
    intents: [order('drain', 'm-1', 1), order('drain', 'm-2', 1, { outcome: 'failed' })],
  };
  expect(lane(facts, 'm-2').wave).toBe(2);
  expect(lane(facts, 'm-3').wave).toBe(3);
  expect(lane(facts, 'm-4').wave).toBeNull();
});

test('what went wrong and what people ordered is told in the order of time', () => {
  const facts: Partial<HistoryFacts> = {
    members: [planned('m-1', { forced: { byName: 'Ada', at: FROM + 900 } })],
    intents: [order('drain', 'm-1', 1, { outcome: 'failed', message: 'throttled' }), order('drain', 'm-1', 2)],
    failures: [{ instanceId: 'm-1', kind: 'drain-timeout', evidence: 'not drained after 60 s', at: FROM + 800 }],
    orders: [
      { at: FROM + 700, instanceId: 'm-1', byName: 'Grace', byMs: 60_000 },
      { at: FROM + 950, instanceId: 'm-1', byName: 'Grace', byMs: 0 },
    ],
  };
  expect(lane(facts, 'm-1').events).toEqual([
    { kind: 'refused', at: 105, text: 'drain refused: throttled', byMs: 0 },
    { kind: 'retry', at: 200, text: 'drain, attempt 2', byMs: 0 },
    { kind: 'extended', at: 700, text: 'drain extended by Grace', byMs: 60_000 },
    { kind: 'failure', at: 800, text: 'drain timeout: not drained after 60 s', byMs: 0 },
    { kind: 'forced', at: 900, text: 'forced by Ada', byMs: 0 },
    { kind: 'retry', at: 950, text: 'retried by Grace', byMs: 0 },
  ]);
});

test('a cycle is approved before all else', () => {
  const running = { at: FROM + 10, state: 'running', sentence: null, byName: null } as const;
  expect(history({ states: [running] }).states).toEqual([
    { at: FROM, state: 'approved', sentence: null, byName: null },
    running,
  ]);
});
