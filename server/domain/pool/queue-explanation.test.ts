import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pool } from './pool.ts';
import { explainQueue } from './queue-explanation.ts';
import type { QueuedSession, ReserveAhead, WaitReason } from './queue-walk.ts';
import { ReservationManager } from './reservation-manager.ts';
import { SessionQueue } from './session-queue.ts';

const reserveAhead: ReserveAhead = { reserveAheadAfterMs: 600_000, now: () => 600_000 };

const wants = (name: string, pools: readonly string[], facts: Partial<QueuedSession> = {}): QueuedSession => ({
  name,
  components: pools.map((pool) => ({ pool })),
  ...facts,
});

test('says who is ahead: those before it that want one of its pools', () => {
  const pools = ['a', 'b', 'c'].map((name) => ({ name, available: 0, capacity: 3 }));
  const sessions = [
    wants('one', ['a']),
    wants('two', ['b']),
    wants('three', ['a', 'b']),
    wants('four', ['c']),
    wants('urgent', ['b', 'c'], { priority: 1 }),
  ];
  const places = explainQueue(sessions, pools).map(({ name, position, ahead }) => [position, name, ahead]);
  expect(places).toEqual([
    [1, 'urgent', []],
    [2, 'one', []],
    [3, 'two', ['urgent']],
    [4, 'three', ['urgent', 'one', 'two']],
    [5, 'four', ['urgent']],
  ]);
});

test('names the first three of those ahead, and counts all, once each', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd');
  const facts = fc.record({ pools: fc.array(names, { maxLength: 4 }), priority: fc.nat(1) });
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 20 }), (all) => {
      const sessions = all.map(({ pools, priority }, index) => wants(`s${index}`, pools, { priority }));
      const turns = sessions.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0));
      const shares = (one: QueuedSession, other: QueuedSession) =>
        one.components.some(({ pool }) => other.components.some((component) => component.pool === pool));
      const places = explainQueue(sessions, []).map(({ ahead, aheadCount }) => ({ ahead, aheadCount }));
      expect(places).toEqual(
        turns.map((session, index) => {
          const ahead = turns.slice(0, index).filter((other) => shares(other, session));
          return { ahead: ahead.slice(0, 3).map(({ name }) => name), aheadCount: ahead.length };
        }),
      );
    }),
    { seed: 1, numRuns: 500 },
  );
});

test.each<[string, readonly string[], readonly WaitReason[]]>([
  ['that it is next where enough are free', ['free', 'free'], []],
  ['that too few are free', ['free', 'free', 'free'], [{ kind: 'too-few-free', pool: 'free', needs: 3, free: 2 }]],
  ['that it can never run', ['small', 'small'], [{ kind: 'never-fits', pool: 'small', needs: 2, capacity: 1 }]],
  ['that there is no such pool', ['ghost'], [{ kind: 'unknown-pool', pool: 'ghost' }]],
  ['that a pool is paused', ['paused'], [{ kind: 'pool-paused', pool: 'paused' }]],
  [
    'that machines are held for another, the first of those who hold',
    ['held', 'held'],
    [{ kind: 'held-for', pool: 'held', by: 'large' }],
  ],
  ['nothing of what those who hold leave', ['held'], []],
  [
    'all that is in its way, in the order of its components',
    ['paused', 'small', 'ghost', 'small'],
    [
      { kind: 'pool-paused', pool: 'paused' },
      { kind: 'never-fits', pool: 'small', needs: 2, capacity: 1 },
      { kind: 'unknown-pool', pool: 'ghost' },
    ],
  ],
])('says why it waits: %s', (_, components, why) => {
  const pools: readonly Pool[] = [
    { name: 'free', available: 2, capacity: 4 },
    { name: 'small', available: 1, capacity: 1 },
    { name: 'paused', available: 1, capacity: 1, paused: true },
    { name: 'held', available: 4, capacity: 9 },
    { name: 'none', available: 0, capacity: 9 },
  ];
  const sessions = [
    wants('large', ['none', 'held', 'held'], { enqueuedAt: 0 }),
    wants('large-too', ['none', 'held'], { enqueuedAt: 0 }),
    wants('it', components),
  ];
  const [large, , it] = explainQueue(sessions, pools, reserveAhead);
  expect(it).toMatchObject({ name: 'it', holds: false, why });
  expect(it?.why).toHaveLength(why.length);
  expect(large).toMatchObject({ holds: true, why: [{ kind: 'too-few-free', pool: 'none', needs: 1, free: 0 }] });
});

test('machines that the next to go will get are not promised to those behind', () => {
  const pools = [{ name: 'a', available: 2, capacity: 2 }];
  const [first, second] = explainQueue([wants('first', ['a', 'a']), wants('second', ['a'])], pools);
  expect(first).toMatchObject({ why: [], holds: false });
  expect(second?.why).toEqual([{ kind: 'held-for', pool: 'a', by: 'first' }]);
});

test('whoever has nothing in the way goes with the next turns of the queue, in that order, and nobody else', () => {
  const poolNames = fc.constantFrom('a', 'b', 'ghost');
  const sessions = fc.array(
    fc.record({
      pools: fc.array(poolNames, { maxLength: 4 }),
      priority: fc.nat(1),
      enqueuedAt: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
    }),
    { maxLength: 8 },
  );
  const pools = fc.tuple(
    ...['a', 'b'].map((name) =>
      fc
        .record({
          used: fc.nat(3),
          available: fc.nat(4),
          out: fc.nat(2),
          paused: fc.nat(4).map((value) => value === 0),
        })
        .map(({ used, available, ...facts }): Pool => ({ name, available, capacity: used + available, ...facts })),
    ),
  );
  fc.assert(
    fc.property(sessions, pools, (facts, all) => {
      const waiting = facts.map(({ pools: wanted, ...rest }, index) => wants(`s${index}`, wanted, rest));
      const manager = new ReservationManager();
      for (const pool of all) manager.addPool(pool);
      const queue = new SessionQueue(manager, reserveAhead);
      for (const session of waiting) queue.enqueue(session);
      const places = explainQueue(waiting, all, reserveAhead);
      expect(places.map(({ name }) => name)).toEqual(queue.waiting.map(({ name }) => name));
      const next: string[] = [];
      for (let session = queue.dequeue(); session !== null; session = queue.dequeue()) next.push(session.name);
      expect(places.filter(({ why }) => why.length === 0).map(({ name }) => name)).toEqual(next);
    }),
    { seed: 1, numRuns: 1_000 },
  );
});
