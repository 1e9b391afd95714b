import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ExpectedRelease, estimateStart, type PoolOutlook, type ReleaseKind } from './queue-estimate.ts';

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** A release expected in so many minutes. */
const release = (p50: number, p90: number, kind: ReleaseKind = 'session-usually-ends'): ExpectedRelease => ({
  kind,
  p50: NOW + p50 * MINUTE,
  p90: NOW + p90 * MINUTE,
});

const pool = (name: string, free: number, ...busy: readonly (ExpectedRelease | null)[]): PoolOutlook => ({
  pool: name,
  free,
  busy,
});

const estimate = (needs: Readonly<Record<string, number>>, pools: readonly PoolOutlook[], holds = true) =>
  estimateStart({ needs: new Map(Object.entries(needs)), holds }, pools, NOW);

type Minutes = readonly [earliest: number, p50: number, latest: number];

test.each<[string, Readonly<Record<string, number>>, readonly PoolOutlook[], Minutes | null]>([
  ['now, where enough are free', { a: 2 }, [pool('a', 2, null)], [0, 0, 0]],
  [
    'when a machine is released: as much before its p50 as its p90 is after',
    { a: 1 },
    [pool('a', 0, release(10, 14))],
    [6, 10, 14],
  ],
  ['not before now', { a: 1 }, [pool('a', 0, release(10, 40))], [0, 10, 40]],
  [
    'with the second release where two are missing',
    { a: 3 },
    [pool('a', 1, release(30, 31), release(5, 6), release(10, 12))],
    [8, 10, 12],
  ],
  [
    'with the second p90, whoever has it',
    { a: 2 },
    [pool('a', 0, release(5, 60), release(10, 12), release(20, 25))],
    [8, 10, 25],
  ],
  [
    'when the last of its pools has them',
    { a: 1, b: 1 },
    [pool('a', 0, release(10, 14)), pool('b', 0, release(12, 13))],
    [11, 12, 14],
  ],
  [
    'without regard to pools that it does not want',
    { a: 1 },
    [pool('a', 0, release(10, 14)), pool('b', 0, null)],
    [6, 10, 14],
  ],
  ['at a lease’s end, exactly', { a: 1 }, [pool('a', 0, release(10, 10, 'lease-ends'))], [10, 10, 10]],
  ['half-way to the p90 where the p50 is over', { a: 1 }, [pool('a', 0, release(-10, 8))], [0, 4, 8]],
  [
    'perhaps at once where the time of another is not known',
    { a: 1 },
    [pool('a', 0, null, release(10, 14))],
    [0, 10, 14],
  ],
  [
    'perhaps at once where another is past its p90',
    { a: 1 },
    [pool('a', 0, release(-9, 0), release(10, 14))],
    [0, 10, 14],
  ],
  ['nobody knows, where nothing is known', { a: 1 }, [pool('a', 0, null)], null],
  ['nobody knows, where too few times are known', { a: 2 }, [pool('a', 0, null, release(10, 14))], null],
  ['nobody knows, where all are past their p90', { a: 1 }, [pool('a', 0, release(-9, -1))], null],
  ['nobody knows, where one of the pools is not known', { a: 1, b: 1 }, [pool('a', 9)], null],
  ['nobody knows, where there are too few machines', { a: 3 }, [pool('a', 1, release(1, 2))], null],
])('starts %s', (_, needs, pools, minutes) => {
  const start = estimate(needs, pools);
  expect(start && [start.earliest, start.p50, start.latest]).toEqual(
    minutes?.map((count) => NOW + count * MINUTE) ?? null,
  );
});

test('p50 is within earliest and latest, none is past, and a further known machine makes nothing later', () => {
  const time = fc.integer({ min: -20, max: 60 });
  const releases = fc
    .tuple(time, fc.nat(30), fc.constantFrom<ReleaseKind>('lease-ends', 'cleaning', 'provisioning'))
    .map(([p50, more, kind]) => release(p50, p50 + more, kind));
  const busy = fc.array(fc.option(releases), { maxLength: 6 });
  fc.assert(
    fc.property(busy, busy, releases, fc.nat(3), fc.nat(4), (a, b, further, wantA, wantB) => {
      const needs = { a: wantA, b: wantB };
      const start = estimate(needs, [pool('a', 1, ...a), pool('b', 1, ...b)]);
      if (start === null) return;
      expect(start.earliest).toBeGreaterThanOrEqual(NOW);
      expect(start.p50).toBeGreaterThanOrEqual(start.earliest);
      expect(start.latest).toBeGreaterThanOrEqual(start.p50);
      const sooner = estimate(needs, [pool('a', 1, ...a, further), pool('b', 1, ...b)]);
      expect(sooner?.earliest).toBeLessThanOrEqual(start.earliest);
      expect(sooner?.p50).toBeLessThanOrEqual(start.p50);
      expect(sooner?.latest).toBeLessThanOrEqual(start.latest);
    }),
    { seed: 1, numRuns: 1_000 },
  );
});

describe('says', () => {
  test('that enough are free', () => {
    expect(estimate({ a: 1 }, [pool('a', 1)])).toMatchObject({
      because: 'Enough machines are free now.',
      mayMove: 'It may move: a session of higher priority can go first.',
    });
  });

  test('what the pool that is last waits for, and all that may move it', () => {
    const pools = [
      pool('a', 0, release(1, 2, 'cleaning')),
      pool(
        'b',
        1,
        release(10, 10, 'lease-ends'),
        release(11, 12, 'lease-ends'),
        release(15, 20),
        release(30, 40, 'provisioning'),
      ),
    ];
    expect(estimate({ a: 1, b: 4 }, pools)).toMatchObject({
      because: 'It needs 3 more machines of b; by then 2 leases end and a session usually ends.',
      mayMove:
        'It may move: cleaning can last longer than usual; a lease can be extended, or its machines given back before; ' +
        'a session can end sooner or last longer than usual; a session of higher priority can go first.',
    });
  });

  test('that times are not known, and that others may go first while it holds nothing', () => {
    expect(estimate({ a: 1 }, [pool('a', 0, null, null, release(9, 9, 'provisioning'))], false)).toMatchObject({
      because: 'It needs 1 more machine of a; by then a machine has started.',
      mayMove:
        'It may move: a new machine can start late or not at all; nobody knows when 2 machines are free; ' +
        'a session of higher priority or one that needs fewer machines can go first.',
    });
  });
});
