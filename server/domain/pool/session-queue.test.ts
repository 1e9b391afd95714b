import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needsOf, type Pool } from './pool.ts';
import type { QueuedSession, ReserveAhead } from './queue-walk.ts';
import { ReservationManager } from './reservation-manager.ts';
import { SessionQueue } from './session-queue.ts';
import { queues, recordedPools, wantingOf } from './testdata/vectors.ts';

const AFTER = 600_000;

function managerOf(...pools: readonly Pool[]): ReservationManager {
  const manager = new ReservationManager();
  for (const pool of pools) manager.addPool(pool);
  return manager;
}

/** `wants('s', { a: 2 })`: two components, both on machines of the pool a. */
function wants(
  name: string,
  needs: Readonly<Record<string, number>>,
  facts: Omit<QueuedSession, 'name' | 'components'> = {},
): QueuedSession {
  const components = Object.entries(needs).flatMap(([pool, count]) => Array.from({ length: count }, () => ({ pool })));
  return { name, components, ...facts };
}

function queueOf(
  manager: ReservationManager,
  reserveAhead: ReserveAhead | null,
  ...sessions: readonly QueuedSession[]
) {
  const queue = new SessionQueue(manager, reserveAhead);
  for (const session of sessions) queue.enqueue(session);
  return queue;
}

/** Who goes, one after the other, until nobody can. */
function started(queue: SessionQueue<QueuedSession>): readonly string[] {
  const names: string[] = [];
  for (let next = queue.dequeue(); next !== null; next = queue.dequeue()) names.push(next.name);
  return names;
}

test.each<[string, ReserveAhead | null]>([
  ['the source itself', null],
  ['holding machines at once, which nobody does whose time is not known', { reserveAheadAfterMs: 0, now: () => 0 }],
])('all 80 recorded cases, %s', (_, reserveAhead) => {
  const cases = queues();
  expect(cases).toHaveLength(80);
  let steps = 0;
  let leftovers = 0;
  for (const recorded of cases) {
    const pools = Object.entries(recorded.pools).map(([name, [available, capacity]]) => ({
      name,
      available,
      capacity,
    }));
    const manager = managerOf(...pools);
    const queue = new SessionQueue(manager, reserveAhead);
    for (const step of recorded.steps) {
      steps += 1;
      if (step.op === 'enqueue') queue.enqueue(wantingOf(step.session));
      else if (step.op === 'done') queue.done(step.name);
      else expect(queue.dequeue()?.name ?? null).toBe(step.result);
      expect(queue.count).toBe(step.count);
      expect(recordedPools(manager.pools())).toEqual(step.pools);
    }
    if (recorded.left === undefined) continue;
    leftovers += 1;
    expect(queue.waiting.map(({ name }) => name)).toEqual(recorded.left);
  }
  expect({ steps, leftovers }).toEqual({ steps: 652, leftovers: 36 });
});

describe('the order', () => {
  test('first come, first served, but who does not fit is passed over', () => {
    const queue = queueOf(
      managerOf({ name: 'a', available: 2, capacity: 3 }),
      null,
      wants('large', { a: 3 }),
      wants('first', { a: 1 }),
      wants('second', { a: 1 }),
      wants('third', { a: 1 }),
    );
    expect(started(queue)).toEqual(['first', 'second']);
    queue.done('first');
    expect(started(queue)).toEqual(['third']);
    expect(queue.waiting.map(({ name }) => name)).toEqual(['large']);
  });

  test('higher priority goes first, and none is as good as 0', () => {
    const queue = queueOf(
      managerOf({ name: 'a', available: 9, capacity: 9 }),
      null,
      wants('later', { a: 1 }, { priority: -1 }),
      wants('plain', { a: 1 }),
      wants('zero', { a: 1 }, { priority: 0 }),
      wants('urgent', { a: 1 }, { priority: 5 }),
      wants('urgent-too', { a: 1 }, { priority: 5 }),
    );
    expect(started(queue)).toEqual(['urgent', 'urgent-too', 'plain', 'zero', 'later']);
  });

  test('who can never run, or names no pool that there is, waits without end and keeps nobody else', () => {
    const manager = managerOf({ name: 'a', available: 2, capacity: 2 });
    const waiting = { enqueuedAt: 0, priority: 9 };
    const queue = queueOf(
      manager,
      { reserveAheadAfterMs: AFTER, now: () => 2 * AFTER },
      wants('too-large', { a: 3 }, waiting),
      wants('ghost', { a: 1, ghost: 1 }, waiting),
      wants('small', { a: 2 }),
    );
    expect(started(queue)).toEqual(['small']);
    expect(queue.count).toBe(2);
    manager.release('small');
    manager.addPool({ name: 'a', available: 3, capacity: 3 });
    expect(started(queue)).toEqual(['too-large']);
  });

  test('a second session of one name waits until the first is done, and holds nobody up', () => {
    const twin = wants('twin', { a: 1 }, { enqueuedAt: 0 });
    const manager = managerOf({ name: 'a', available: 2, capacity: 2 });
    const queue = queueOf(manager, { reserveAheadAfterMs: 0, now: () => 1 }, twin, twin, wants('other', { a: 1 }));
    expect(started(queue)).toEqual(['twin', 'other']);
    queue.done('twin');
    expect(started(queue)).toEqual(['twin']);
  });
});

describe('a session that has waited long', () => {
  const pools: readonly Pool[] = [
    { name: 'a', available: 2, capacity: 4 },
    { name: 'b', available: 1, capacity: 1 },
  ];
  const at = (now: number): ReserveAhead => ({ reserveAheadAfterMs: AFTER, now: () => now });

  test('holds what is free in its pools, from the millisecond on', () => {
    const sessions = [wants('large', { a: 3 }, { enqueuedAt: 0 }), wants('small', { a: 1 })];
    expect(started(queueOf(managerOf(...pools), at(AFTER - 1), ...sessions))).toEqual(['small']);
    expect(started(queueOf(managerOf(...pools), at(AFTER), ...sessions))).toEqual([]);
  });

  test.each<[string, QueuedSession, readonly Pool[], readonly string[]]>([
    [
      'leaves what it does not need',
      wants('large', { a: 3, b: 1 }, { enqueuedAt: 0 }),
      [
        { name: 'a', available: 4, capacity: 5 },
        { name: 'b', available: 0, capacity: 1 },
      ],
      ['small'],
    ],
    [
      'leaves pools alone that it does not want',
      wants('large', { b: 1 }, { enqueuedAt: 0 }),
      [
        { name: 'a', available: 1, capacity: 4 },
        { name: 'b', available: 0, capacity: 1 },
      ],
      ['small'],
    ],
    [
      'holds nothing where a pool of its is paused',
      wants('large', { a: 3, b: 1 }, { enqueuedAt: 0 }),
      [
        { name: 'a', available: 2, capacity: 4 },
        { name: 'b', available: 1, capacity: 1, paused: true },
      ],
      ['small'],
    ],
    [
      'holds nothing where no release can give it enough',
      wants('large', { a: 3 }, { enqueuedAt: 0 }),
      [{ name: 'a', available: 2, capacity: 4, out: 2 }],
      ['small'],
    ],
    [
      'holds as long as a release can',
      wants('large', { a: 3 }, { enqueuedAt: 0 }),
      [{ name: 'a', available: 2, capacity: 4, out: 1 }],
      [],
    ],
  ])('%s', (_, large, facts, names) => {
    expect(started(queueOf(managerOf(...facts), at(AFTER), large, wants('small', { a: 1 })))).toEqual(names);
  });

  test('holds together with the others ahead: who is behind gets what is left by all', () => {
    const sessions = (small: number) => [
      wants('one', { a: 3, b: 1 }, { enqueuedAt: 0 }),
      wants('two', { a: 2, b: 1 }, { enqueuedAt: 0 }),
      wants('small', { a: small }),
    ];
    const facts = [
      { name: 'a', available: 7, capacity: 9 },
      { name: 'b', available: 0, capacity: 2 },
    ];
    expect(started(queueOf(managerOf(...facts), at(AFTER), ...sessions(2)))).toEqual(['small']);
    expect(started(queueOf(managerOf(...facts), at(AFTER), ...sessions(3)))).toEqual([]);
  });

  test('holds nothing from those before it', () => {
    const large = wants('large', { a: 3 }, { enqueuedAt: 0 });
    const urgent = wants('urgent', { a: 1 }, { priority: 1 });
    expect(started(queueOf(managerOf(...pools), at(AFTER), large, urgent))).toEqual(['urgent']);
  });
});

/** A world where the oldest running session ends at every tick, and new ones, small, come as fast as machines are released. */
function ticksUntilLargeRuns(reserveAhead: boolean, limit: number): number | null {
  let now = 0;
  const manager = managerOf({ name: 'a', available: 4, capacity: 4 });
  const queue = new SessionQueue(manager, reserveAhead ? { reserveAheadAfterMs: 5, now: () => now } : null);
  const running: string[] = [];
  for (let index = 0; index < 4; index += 1) queue.enqueue(wants(`early-${index}`, { a: 1 }, { enqueuedAt: now }));
  running.push(...started(queue));
  queue.enqueue(wants('large', { a: 3 }, { enqueuedAt: now }));
  for (now = 1; now <= limit; now += 1) {
    queue.enqueue(wants(`small-${now}`, { a: 1 }, { enqueuedAt: now }));
    const over = running.shift();
    if (over !== undefined) queue.done(over);
    running.push(...started(queue));
    if (running.includes('large')) return now;
  }
  return null;
}

test('without holding, small sessions keep a large one waiting without end', () => {
  expect(ticksUntilLargeRuns(false, 5_000)).toBeNull();
});

test('with holding, it runs as soon as enough are released after its time', () => {
  // Its time is tick 5; the releases of ticks 5, 6 and 7 are its three machines.
  expect(ticksUntilLargeRuns(true, 5_000)).toBe(7);
});

describe('in any world that goes on releasing machines', () => {
  const POOLS = ['a', 'b', 'c'];
  const capacities = fc.tuple(...POOLS.map(() => fc.integer({ min: 1, max: 6 })));
  const wish = fc.tuple(...POOLS.map(() => fc.nat(6)));
  /** Arrivals by tick; they want no more than the capacities, so that all can run. */
  const arrivals = fc.array(fc.record({ tick: fc.nat(30), wish, most: fc.constantFrom(1, 6) }), {
    maxLength: 60,
    size: 'max',
  });

  function needs(capacity: readonly number[], wished: readonly number[], most: number): Record<string, number> {
    const counts = POOLS.map((pool, index) => [pool, Math.min(capacity[index] ?? 0, wished[index] ?? 0, most)]);
    return Object.fromEntries(counts);
  }

  test('the first of the queue waits, once its time has come, no longer than those that ran then', () => {
    let waited = 0;
    fc.assert(
      fc.property(
        capacities,
        arrivals,
        fc.nat(5),
        fc.infiniteStream(fc.nat(1_000)),
        (capacity, coming, after, chance) => {
          let now = 0;
          const manager = managerOf(
            ...POOLS.map((name, index) => ({ name, available: capacity[index] ?? 0, capacity: capacity[index] ?? 0 })),
          );
          const queue = new SessionQueue(manager, { reserveAheadAfterMs: after, now: () => now });
          const running: QueuedSession[] = [];
          let head: { readonly name: string; readonly mustRunBefore: Set<string> } | null = null;
          for (; now <= 30 || queue.count > 0; now += 1) {
            expect(now).toBeLessThan(400);
            coming.forEach(({ tick, wish: wished, most }, index) => {
              if (tick === now) queue.enqueue(wants(`s${index}`, needs(capacity, wished, most), { enqueuedAt: now }));
            });
            // Any of those that run ends, not the oldest: the world chooses.
            const [over] = running.splice((chance.next().value ?? 0) % Math.max(1, running.length), 1);
            if (over) queue.done(over.name);
            for (let next = queue.dequeue(); next !== null; next = queue.dequeue()) running.push(next);

            const [first] = queue.waiting;
            if (head !== null && head.name !== first?.name) head = null;
            if (first && head === null && now - (first.enqueuedAt ?? now) >= after) {
              head = { name: first.name, mustRunBefore: new Set(running.map(({ name }) => name)) };
            }
            if (head !== null && first) {
              waited += 1;
              // It waits for those that ran when its time came, and for no later one: were they done, it would fit.
              const left = running.filter(({ name }) => head?.mustRunBefore.has(name));
              const short = [...needsOf(first)].some(([pool, count]) => {
                const held = left.reduce((sum, session) => sum + (needsOf(session).get(pool) ?? 0), 0);
                return count > (manager.pool(pool)?.capacity ?? 0) - held;
              });
              expect(short).toBe(true);
            }
          }
          expect(queue.count).toBe(0);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
    expect(waited).toBeGreaterThan(1_000);
  });
});
