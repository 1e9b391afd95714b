import { describe, expect, test } from 'vitest';
import { type TimelineFacts, timelineOf } from './timeline.ts';

type History = TimelineFacts['executions'][number];

const FACTS: TimelineFacts = {
  spec: {
    components: [
      { name: 'client', kind: 'client' },
      { name: 'server', kind: 'server' },
      { name: 'driver', kind: 'driver' },
    ],
  },
  createdAt: 0,
  acceptedAt: 10,
  runningAt: 50,
  decidedAt: 100,
  endedAt: 120,
  events: [{ at: 0, text: 'Queued.' }],
  executions: [],
};

const history = (name: string, createdAt: number, more: Partial<History> = {}): History => ({
  name,
  createdAt,
  exitedAt: null,
  removedAt: 110,
  transitions: [{ at: createdAt + 5, state: 'RUNNING', err: '' }],
  healths: [{ at: createdAt + 10, health: 'ready', reason: '' }],
  ...more,
});

const phases = (facts: TimelineFacts, component: string) =>
  timelineOf(facts)
    .rows.find((row) => row.component === component)
    ?.phases.map(({ phase, from, to }) => [phase, from, to]);

describe('phases', () => {
  test('a component goes through all of them', () => {
    expect(phases({ ...FACTS, executions: [history('server', 20)] }, 'server')).toEqual([
      ['queued', 0, 10],
      ['reserved', 10, 20],
      ['provisioning', 20, 30],
      ['ready', 30, 50],
      ['running', 50, 100],
      ['finishing', 100, 110],
    ]);
  });

  test('one that ended by itself does nothing until it is cleaned up', () => {
    const client = history('client', 20, { exitedAt: 70 });
    expect(phases({ ...FACTS, executions: [client] }, 'client')?.slice(-2)).toEqual([
      ['running', 50, 70],
      ['finishing', 100, 110],
    ]);
  });

  test('a driver whose readiness was seen only after it ran has no ready phase before that', () => {
    const driver = history('driver', 40, { healths: [{ at: 55, health: 'ready', reason: '' }] });
    expect(phases({ ...FACTS, executions: [driver] }, 'driver')?.slice(2)).toEqual([
      ['provisioning', 40, 50],
      ['running', 50, 100],
      ['finishing', 100, 110],
    ]);
  });

  test('while the session waits everything is queued, and goes on', () => {
    const waiting = { ...FACTS, acceptedAt: null, runningAt: null, decidedAt: null, endedAt: null };
    expect(phases(waiting, 'server')).toEqual([['queued', 0, null]]);
    expect(phases({ ...waiting, endedAt: 9 }, 'server')).toEqual([['queued', 0, 9]]);
  });

  test('one that was never started was reserved until the end', () => {
    const failed = { ...FACTS, runningAt: null, executions: [history('server', 20, { exitedAt: 25, healths: [] })] };
    expect(phases(failed, 'driver')).toEqual([
      ['queued', 0, 10],
      ['reserved', 10, 100],
    ]);
    expect(phases(failed, 'server')?.slice(2)).toEqual([
      ['provisioning', 20, 25],
      ['finishing', 100, 110],
    ]);
  });

  test('what goes on has no end', () => {
    const running = {
      ...FACTS,
      decidedAt: null,
      endedAt: null,
      executions: [history('server', 20, { removedAt: null })],
    };
    expect(phases(running, 'server')?.at(-1)).toEqual(['running', 50, null]);
  });

  test.each<[string, Partial<TimelineFacts>, string | null]>([
    ['queued', { acceptedAt: null, runningAt: null, decidedAt: null, endedAt: null }, 'queued'],
    ['reserved', { runningAt: null, decidedAt: null, endedAt: null }, 'reserved'],
    [
      'provisioning',
      { runningAt: null, decidedAt: null, endedAt: null, executions: [history('server', 20)] },
      'provisioning',
    ],
    ['running', { decidedAt: null, endedAt: null }, 'running'],
    ['finishing', { endedAt: null }, 'finishing'],
    ['over', {}, null],
  ])('a session that is %s is at it', (_what, facts, phase) => {
    expect(timelineOf({ ...FACTS, ...facts }).phase).toBe(phase);
  });

  test('the driver is read first, then servers, then clients', () => {
    expect(timelineOf(FACTS).rows.map(({ component }) => component)).toEqual(['driver', 'server', 'client']);
  });
});

const sick = history('client', 20, {
  healths: [
    { at: 25, health: 'not-ready', reason: 'connection refused' },
    { at: 30, health: 'ready', reason: '' },
    { at: 60, health: 'not-ready', reason: 'HTTP 503 on /health' },
    { at: 80, health: 'failed', reason: 'killed by SIGKILL' },
  ],
});

describe('health', () => {
  test('lasts until the next, and the last until the component is gone', () => {
    const row = timelineOf({ ...FACTS, executions: [sick] }).rows.find(({ component }) => component === 'client');
    expect(row?.healths).toEqual([
      { health: 'not-ready', reason: 'connection refused', from: 25, to: 30 },
      { health: 'ready', reason: '', from: 30, to: 60 },
      { health: 'not-ready', reason: 'HTTP 503 on /health', from: 60, to: 80 },
      { health: 'failed', reason: 'killed by SIGKILL', from: 80, to: 110 },
    ]);
  });

  test('the first bad event is the first after a component was ready', () => {
    expect(timelineOf({ ...FACTS, executions: [sick] }).firstBad).toEqual({
      at: 60,
      component: 'client',
      text: 'client is not ready: HTTP 503 on /health',
      bad: true,
    });
  });

  test('a failure that its health does not tell is told by its state', () => {
    const rejected = history('server', 20, {
      transitions: [{ at: 22, state: 'REJECTED', err: 'no such image' }],
      healths: [],
    });
    expect(timelineOf({ ...FACTS, executions: [rejected] }).firstBad?.text).toBe('server was rejected: no such image');
  });

  test('what happens after the verdict is not bad', () => {
    const ended = history('server', 20, { healths: [{ at: 105, health: 'failed', reason: 'killed by SIGTERM' }] });
    expect(timelineOf({ ...FACTS, executions: [ended] }).firstBad).toBeNull();
  });

  test('moments of all are in the order of time', () => {
    const { moments } = timelineOf({ ...FACTS, executions: [sick, history('server', 20)] });
    expect(moments.map(({ at }) => at)).toEqual([0, 25, 30, 30, 60, 80]);
  });
});
