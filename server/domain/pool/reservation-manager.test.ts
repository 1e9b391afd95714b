import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../errors.ts';
import { needsOf, type Pool, type Wanting } from './pool.ts';
import { ReservationManager } from './reservation-manager.ts';
import { type RecordedError, recordedPools, reservations, wantingOf } from './testdata/vectors.ts';

function managerOf(...pools: readonly Pool[]): ReservationManager {
  const manager = new ReservationManager();
  for (const pool of pools) manager.addPool(pool);
  return manager;
}

const free = (name: string, count: number): Pool => ({ name, available: count, capacity: count });

const wants = (name: string, ...pools: readonly string[]): Wanting => ({
  name,
  components: pools.map((pool) => ({ pool })),
});

function errorOf(action: () => void): DomainError | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

const CODES = {
  PoolUnknownError: 'POOL_UNKNOWN',
  PoolCapacityError: 'POOL_CAPACITY',
  PoolAvailabilityError: 'POOL_AVAILABILITY',
} satisfies Record<RecordedError['type'], string>;

/** The one difference from the record: the reference's message on capacity has its two numbers the wrong way round. */
function expectedOf({ type, message, ...details }: RecordedError) {
  const { name, requested, capacity } = details;
  const mended = `pool ${name} has only ${capacity} machines, but the session required ${requested} machines`;
  return { code: CODES[type], details, message: type === 'PoolCapacityError' ? mended : message };
}

test('all 80 recorded cases: every step ends as in the reference, with the same numbers left', () => {
  const cases = reservations();
  expect(cases).toHaveLength(80);
  const seen = new Map<string, number>();
  for (const { steps } of cases) {
    const manager = new ReservationManager();
    for (const step of steps) {
      const error = errorOf(() => {
        if (step.op === 'addPool') manager.addPool(step.pool);
        else if (step.op === 'removePool') manager.removePool(step.pool.name);
        else if (step.op === 'reserve') manager.reserve(wantingOf(step.session));
        else manager.release(step.session.name);
      });
      const [recorded] = step.errors;
      expect(error && { code: error.code, details: error.details, message: error.message }).toEqual(
        recorded && expectedOf(recorded),
      );
      expect(recordedPools(manager.pools())).toEqual(step.pools);
      const kind = `${step.op} ${recorded?.type ?? 'ok'}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  }
  expect(Object.fromEntries(seen)).toEqual({
    'addPool ok': 176,
    'removePool ok': 4,
    'removePool PoolUnknownError': 5,
    'reserve ok': 130,
    'reserve PoolUnknownError': 59,
    'reserve PoolCapacityError': 64,
    'reserve PoolAvailabilityError': 31,
    'unreserve ok': 49,
  });
});

describe('a refusal', () => {
  const manager = managerOf({ name: 'busy', available: 0, capacity: 9 }, free('small', 0), free('tiny', 1));

  test.each<[string, readonly string[], string, object]>([
    ['names an unknown pool before all else', ['busy', 'small', 'ghost'], 'POOL_UNKNOWN', { name: 'ghost' }],
    ['names the unknown pool that is first bytewise', ['zoo', 'ghost', 'zoo'], 'POOL_UNKNOWN', { name: 'ghost' }],
    [
      'compares names by their bytes and not by their UTF-16 units',
      ['\u{1f680}', '\uffff'],
      'POOL_UNKNOWN',
      { name: '\uffff' },
    ],
    [
      'speaks of capacity before availability',
      ['busy', 'tiny', 'tiny'],
      'POOL_CAPACITY',
      { name: 'tiny', requested: 2, capacity: 1 },
    ],
    [
      'names the pool too small that is first bytewise',
      ['tiny', 'tiny', 'small'],
      'POOL_CAPACITY',
      { name: 'small', requested: 1, capacity: 0 },
    ],
    ['speaks of availability last', ['tiny', 'busy'], 'POOL_AVAILABILITY', {}],
  ])('%s', (_, pools, code, details) => {
    const before = manager.pools();
    expect(errorOf(() => manager.reserve(wants('s', ...pools)))).toMatchObject({ code, details });
    expect(manager.pools()).toEqual(before);
    expect(manager.holds('s')).toBe(false);
  });
});

test('a pool that the session does not use cannot refuse it', () => {
  const manager = managerOf({ name: 'a', available: -1, capacity: -1 }, free('b', 1));
  manager.reserve(wants('s', 'b'));
  expect(manager.holds('s')).toBe(true);
});

test('of a paused pool nobody gets a machine, and what is held is given back', () => {
  const manager = managerOf(free('a', 2));
  manager.reserve(wants('s', 'a'));
  manager.addPool({ name: 'a', available: 1, capacity: 2, paused: true });
  expect(errorOf(() => manager.reserve(wants('t', 'a')))?.code).toBe('POOL_AVAILABILITY');
  manager.release('s');
  expect(manager.pools()).toEqual([{ name: 'a', available: 2, capacity: 2, paused: true }]);
});

test('who holds machines cannot have more under the same name, and is told so only where there were enough', () => {
  const manager = managerOf(free('a', 2));
  manager.reserve(wants('s', 'a'));
  expect(errorOf(() => manager.reserve(wants('s', 'a')))?.code).toBe('CONFLICT');
  expect(errorOf(() => manager.reserve(wants('s', 'a', 'a')))?.code).toBe('POOL_AVAILABILITY');
  expect(manager.pools()).toEqual([{ name: 'a', available: 1, capacity: 2 }]);
  manager.release('s');
  manager.reserve(wants('s', 'a', 'a'));
  expect(manager.pools()).toEqual([{ name: 'a', available: 0, capacity: 2 }]);
});

test('a release does nothing where nothing is held', () => {
  const manager = managerOf({ name: 'a', available: 1, capacity: 3 });
  manager.release('nobody');
  manager.reserve(wants('s', 'a'));
  manager.release('s');
  manager.release('s');
  expect(manager.pools()).toEqual([{ name: 'a', available: 1, capacity: 3 }]);
});

test('a release never lifts available above the capacity that a pool has meanwhile', () => {
  const manager = managerOf(free('a', 3), free('b', 1));
  manager.reserve(wants('s', 'a', 'a', 'b'));
  manager.addPool({ name: 'a', available: 1, capacity: 2 });
  manager.removePool('b');
  manager.release('s');
  expect(manager.pools()).toEqual([{ name: 'a', available: 2, capacity: 2 }]);
});

test('the pools that were read stay as they were', () => {
  const manager = managerOf(free('a', 1));
  const read = manager.pools();
  manager.reserve(wants('s', 'a'));
  expect(read).toEqual([free('a', 1)]);
});

describe('whatever is done in whatever order', () => {
  const names = fc.constantFrom('a', 'b', 'c');
  const sessions = fc.constantFrom('s1', 's2', 's3', 's4');
  type Step =
    | { readonly op: 'add'; readonly pool: Pool }
    | { readonly op: 'remove'; readonly name: string }
    | { readonly op: 'release'; readonly name: string }
    | { readonly op: 'reserve'; readonly session: Wanting };
  const reserve: fc.Arbitrary<Step & { readonly op: 'reserve' }> = fc
    .tuple(sessions, fc.array(names, { maxLength: 5 }))
    .map(([name, pools]) => ({ op: 'reserve', session: wants(name, ...pools) }));
  const release: fc.Arbitrary<Step & { readonly op: 'release' }> = sessions.map((name) => ({ op: 'release', name }));
  const add: fc.Arbitrary<Step> = fc
    .tuple(names, fc.nat(6), fc.nat(8))
    .map(([name, capacity, available]) => ({ op: 'add', pool: { name, available, capacity } }));
  const remove: fc.Arbitrary<Step> = names.map((name) => ({ op: 'remove', name }));

  function apply(manager: ReservationManager, step: Step): DomainError | null {
    return errorOf(() => {
      if (step.op === 'add') manager.addPool(step.pool);
      else if (step.op === 'remove') manager.removePool(step.name);
      else if (step.op === 'release') manager.release(step.name);
      else manager.reserve(step.session);
    });
  }

  test('available is within 0 and capacity, and a second release changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(add, remove, release, reserve, reserve), { maxLength: 40 }), (steps) => {
        const manager = new ReservationManager();
        for (const step of steps) {
          apply(manager, step);
          for (const { available, capacity } of manager.pools()) {
            expect(available).toBeGreaterThanOrEqual(0);
            expect(available).toBeLessThanOrEqual(capacity);
          }
          if (step.op !== 'release') continue;
          const after = manager.pools();
          manager.release(step.name);
          expect(manager.pools()).toEqual(after);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('while the pools stay, available and held sum to capacity, and a refused session takes nothing', () => {
    fc.assert(
      fc.property(
        fc.nat(6),
        fc.nat(6),
        fc.array(fc.oneof(reserve, reserve, release), { maxLength: 40 }),
        (a, b, steps) => {
          const manager = managerOf(free('a', a), free('b', b));
          const held = new Map<string, Wanting>();
          for (const step of steps) {
            const before = manager.pools();
            const error = apply(manager, step);
            if (error) expect(manager.pools()).toEqual(before);
            else if (step.op === 'reserve') held.set(step.session.name, step.session);
            else if (step.op === 'release') held.delete(step.name);
            for (const { name, available, capacity } of manager.pools()) {
              const taken = [...held.values()].reduce((sum, session) => sum + (needsOf(session).get(name) ?? 0), 0);
              expect(available + taken).toBe(capacity);
            }
          }
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});
