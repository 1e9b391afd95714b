import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FreeMachine, handOut } from './hand-out.ts';
import { partOf } from './pool.ts';
import type { PoolSupply, Wish } from './supply.ts';

const machine = (instanceId: string, pool: string, facts: Partial<FreeMachine> = {}): FreeMachine => ({
  environmentId: 'e',
  clusterId: 'c',
  instanceId,
  pool,
  lifecycle: 'started',
  state: 'idle',
  health: 'good',
  outdated: false,
  nextToGo: false,
  idleSince: null,
  runsSessions: true,
  ...facts,
});

function supply(name: string, machines: readonly FreeMachine[]): PoolSupply<FreeMachine> {
  return { name, machines, declared: { machines: 0, forSessions: 0 }, paused: false };
}

function wish(id: string, kind: Wish['kind'], ...pools: readonly string[]): Wish {
  const wants = pools.map((pool, index) => ({ component: `c${index}`, pool }));
  return { id, kind, wants, priority: 0, requestedAt: 0 };
}

const given = (handed: ReturnType<typeof handOut>) =>
  handed.map((one) => `${one.wish.id}: ${one.machines.map(({ machine: { instanceId } }) => instanceId).join(' ')}`);

test('a person takes those that no session can use first, and what he takes beyond is no longer there for sessions', () => {
  const mixed = [machine('s1', 'p'), machine('s2', 'p'), machine('x', 'p', { runsSessions: false })];
  const wishes = [wish('ada', 'manual', 'p', 'p'), wish('nightly', 'session', 'p', 'p'), wish('small', 'session', 'p')];
  expect(given(handOut(wishes, [supply('p', mixed)], 9, 1_000))).toEqual(['ada: x s1', 'small: s2']);
});

test('a session never gets a machine that cannot run it, though the pool has enough', () => {
  const mixed = [machine('s1', 'p'), machine('x', 'p', { runsSessions: false })];
  expect(given(handOut([wish('nightly', 'session', 'p', 'p')], [supply('p', mixed)], 9, 1_000))).toEqual([]);
});

test('whoever asks for what: nobody gets a machine twice, one that is not available, or less than he wants', () => {
  const pool = fc.constantFrom('a', 'b');
  const machines = fc.array(fc.record({ pool, runsSessions: fc.boolean(), health: fc.constantFrom('good', 'bad') }));
  const wishes = fc.array(
    fc.record({
      kind: fc.constantFrom('session', 'manual'),
      pools: fc.array(pool, { minLength: 1, maxLength: 4 }),
      priority: fc.integer({ min: 0, max: 2 }),
      requestedAt: fc.constantFrom(0, 200_000),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(machines, wishes, fc.nat(4), (facts, asked, room) => {
      const all = facts.map((one, index) => machine(`m${index}`, one.pool, one));
      const waiting = asked.map(({ kind, pools, ...rest }, index) => ({
        ...wish(`w${index}`, kind, ...pools),
        ...rest,
      }));
      const supplies = ['a', 'b'].map((name) =>
        supply(
          name,
          all.filter((one) => one.pool === name),
        ),
      );
      const handed = handOut(waiting, supplies, room, 200_000);
      const taken = handed.flatMap((one) => one.machines.map((chosen) => chosen.machine));
      expect(new Set(taken).size).toBe(taken.length);
      for (const one of taken) expect(partOf(one)).toBe('available');
      for (const one of handed) {
        expect(one.machines.map(({ component, machine: { pool: name } }) => ({ component, pool: name }))).toEqual(
          one.wish.wants,
        );
        if (one.wish.kind === 'session') expect(one.machines.every((chosen) => chosen.machine.runsSessions)).toBe(true);
      }
      expect(handed.filter((one) => one.wish.kind === 'session').length).toBeLessThanOrEqual(room);
    }),
    { seed: 1, numRuns: 2_000 },
  );
});
