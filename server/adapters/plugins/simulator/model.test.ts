import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factsAt, fellOutAt, type Machine } from './model.ts';

const CREATED = 1_000_000;
const STARTED = CREATED + 3_000;

function machine(changes: Partial<Machine> = {}): Machine {
  return {
    id: 'sim-1',
    zone: 'zone-a',
    protection: null,
    closedAt: null,
    createdAt: CREATED,
    startMs: 3_000,
    startFailure: null,
    drainMs: 4_000,
    drainStuck: false,
    terminateMs: 1_000,
    diesAt: null,
    workloads: [
      { name: 'checkout-api', afterMs: 0 },
      { name: 'ingest-writer', afterMs: 500 },
    ],
    drainOrderedAt: null,
    destroyOrderedAt: null,
    goneAt: null,
    ...changes,
  };
}

const drainedFrom = STARTED + 10_000;
const draining = { drainOrderedAt: drainedFrom };
const destroyed = { destroyOrderedAt: STARTED + 20_000, goneAt: STARTED + 21_000 };

describe('state and health', () => {
  test.each<[string, Partial<Machine>, number, string | null, string | null]>([
    ['starts', {}, CREATED, 'starting', 'unknown'],
    ['starts until startMs have passed', {}, STARTED - 1, 'starting', 'unknown'],
    ['is healthy once it has started', {}, STARTED, 'started', 'healthy'],
    ['never starts when its start is stuck', { startFailure: 'stuck' }, STARTED + 1e9, 'starting', 'unknown'],
    ['starts and is never healthy', { startFailure: 'unhealthy' }, STARTED + 1e9, 'started', 'unhealthy'],
    ['dies while it starts', { diesAt: CREATED + 10 }, CREATED + 10, 'started', 'unhealthy'],
    ['dies later and stays listed', { diesAt: STARTED + 10 }, STARTED + 1e9, 'started', 'unhealthy'],
    ['drains', draining, drainedFrom, 'draining', 'healthy'],
    ['drains until drainMs have passed', draining, drainedFrom + 3_999, 'draining', 'healthy'],
    ['is drained', draining, drainedFrom + 4_000, 'drained', 'healthy'],
    ['never is drained when stuck', { ...draining, drainStuck: true }, drainedFrom + 1e9, 'draining', 'healthy'],
    [
      'is drained when it dies',
      { ...draining, drainStuck: true, diesAt: drainedFrom + 5 },
      drainedFrom + 5,
      'drained',
      'unhealthy',
    ],
    ['drains before it has started', { drainOrderedAt: CREATED }, CREATED, 'draining', 'unknown'],
    ['drains for a reader whose clock is behind', draining, drainedFrom - 50, 'draining', 'healthy'],
    ['terminates, whatever it was before', { ...draining, ...destroyed }, STARTED + 20_000, 'terminating', 'healthy'],
    ['has gone', destroyed, STARTED + 21_000, null, null],
    ['has gone when it was taken away', { goneAt: STARTED + 5 }, STARTED + 5, null, null],
    ['is still there before it was taken away', { goneAt: STARTED + 5 }, STARTED + 4, 'started', 'healthy'],
  ])('it %s', (_, changes, now, state, health) => {
    const facts = factsAt(machine(changes), now);
    expect([facts?.state ?? null, facts?.health ?? null]).toEqual([state, health]);
  });

  test('health counts from the start, draining from the order', () => {
    expect(factsAt(machine(draining), drainedFrom + 1)).toMatchObject({
      createdAt: CREATED,
      healthySince: STARTED,
      drainingSince: drainedFrom,
    });
  });

  test('protection is said only where there is some', () => {
    expect(factsAt(machine({ protection: 'protected' }), STARTED)).toMatchObject({
      protection: 'protected',
      zone: 'zone-a',
    });
    expect(factsAt(machine(), STARTED)).not.toHaveProperty('protection');
  });
});

describe('workloads', () => {
  const names = (changes: Partial<Machine>, now: number) =>
    factsAt(machine(changes), now)?.workloads.map(({ name }) => name);

  test('come in after the start, each with its time', () => {
    expect(names({}, STARTED - 1)).toEqual([]);
    expect(factsAt(machine(), STARTED)?.workloads).toEqual([{ name: 'checkout-api', since: STARTED }]);
    expect(names({}, STARTED + 500)).toEqual(['checkout-api', 'ingest-writer']);
  });

  test('end one by one while it drains', () => {
    expect(names(draining, drainedFrom)).toEqual(['checkout-api', 'ingest-writer']);
    expect(names(draining, drainedFrom + 2_000)).toEqual(['ingest-writer']);
    expect(names(draining, drainedFrom + 4_000)).toEqual([]);
  });

  test('the last one never ends when the drain is stuck', () => {
    expect(names({ ...draining, drainStuck: true }, drainedFrom + 1e9)).toEqual(['ingest-writer']);
  });

  test('none are taken after the order to drain, and none are left on a dead machine', () => {
    expect(names({ drainOrderedAt: STARTED + 100 }, STARTED + 700)).toEqual(['checkout-api']);
    expect(names({ diesAt: STARTED + 900 }, STARTED + 900)).toEqual([]);
  });
});

describe('what the world takes away', () => {
  test.each<[string, Partial<Machine>, number | null]>([
    ['nothing', {}, null],
    ['a death in service', { diesAt: STARTED + 5 }, STARTED + 5],
    ['a death that is still to come', { diesAt: STARTED + 1e9 }, null],
    ['a death before it was in service', { diesAt: STARTED - 5 }, null],
    ['a death of one that never was healthy', { startFailure: 'unhealthy', diesAt: STARTED + 5 }, null],
    ['a death after the order to drain', { drainOrderedAt: STARTED + 1, diesAt: STARTED + 5 }, null],
    ['a drain after its death', { diesAt: STARTED + 5, drainOrderedAt: STARTED + 9 }, STARTED + 5],
    ['a machine taken away behind our back', { goneAt: STARTED + 7 }, STARTED + 7],
    ['a machine that we destroyed', { destroyOrderedAt: STARTED + 1, goneAt: STARTED + 7 }, null],
  ])('%s', (_, changes, at) => {
    expect(fellOutAt(machine(changes), STARTED + 1_000)).toBe(at);
  });
});

describe('properties', () => {
  const ORDER = ['starting', 'started', 'draining', 'drained', 'terminating', 'gone'];
  const moment = fc.integer({ min: CREATED, max: CREATED + 60_000 });
  const perhaps = fc.option(moment, { nil: null });
  const anyMachine = fc
    .record({
      startMs: fc.integer({ min: 0, max: 20_000 }),
      startFailure: fc.constantFrom(null, 'stuck' as const, 'unhealthy' as const),
      drainMs: fc.integer({ min: 0, max: 20_000 }),
      drainStuck: fc.boolean(),
      terminateMs: fc.integer({ min: 0, max: 5_000 }),
      diesAt: perhaps,
      workloads: fc.array(
        fc.record({ name: fc.constant('checkout-api'), afterMs: fc.integer({ min: 0, max: 20_000 }) }),
      ),
      drainOrderedAt: perhaps,
      destroyOrderedAt: perhaps,
    })
    .map((drawn) =>
      machine({
        ...drawn,
        goneAt: drawn.destroyOrderedAt === null ? null : drawn.destroyOrderedAt + drawn.terminateMs,
      }),
    );
  const state = (each: Machine, now: number) => factsAt(each, now)?.state ?? 'gone';

  test('states only move forward', () => {
    fc.assert(
      fc.property(anyMachine, moment, moment, (each, one, other) => {
        const [earlier, later] = [Math.min(one, other), Math.max(one, other)];
        expect(ORDER.indexOf(state(each, later))).toBeGreaterThanOrEqual(ORDER.indexOf(state(each, earlier)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('an order moves the state forward, and undrain is the only way back', () => {
    fc.assert(
      fc.property(anyMachine, moment, (each, now) => {
        const idle = { ...each, drainOrderedAt: null, destroyOrderedAt: null, goneAt: null };
        const ordered = { ...idle, drainOrderedAt: now };
        expect(['draining', 'drained']).toContain(state(ordered, now));
        expect(['starting', 'started']).toContain(state({ ...ordered, drainOrderedAt: null }, now));
        expect(state({ ...ordered, destroyOrderedAt: now, goneAt: now + 1 }, now)).toBe('terminating');
      }),
    );
  });

  test('while it drains its workloads only grow fewer, and a drained machine has none', () => {
    fc.assert(
      fc.property(anyMachine, moment, moment, moment, (each, orderedAt, one, other) => {
        const ordered = { ...each, drainOrderedAt: orderedAt, destroyOrderedAt: null, goneAt: null };
        const [earlier, later] = [Math.max(orderedAt, Math.min(one, other)), Math.max(orderedAt, one, other)];
        const [before, after] = [factsAt(ordered, earlier), factsAt(ordered, later)];
        expect(after?.workloads.length).toBeLessThanOrEqual(before?.workloads.length ?? 0);
        if (after?.state === 'drained') expect(after.workloads).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('nobody is healthy before it started, and workloads are never from the future', () => {
    fc.assert(
      fc.property(anyMachine, moment, (each, now) => {
        const facts = factsAt(each, now);
        if (facts?.health === 'healthy') expect(facts.healthySince).toBeLessThanOrEqual(now);
        else expect(facts?.healthySince ?? null).toBeNull();
        for (const { since } of facts?.workloads ?? []) expect(since).toBeLessThanOrEqual(now);
      }),
    );
  });
});
