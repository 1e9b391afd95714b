import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CycleState } from '../../domain/cycle/cycle-state.ts';
import type { CycleStore, Fence, Intent } from '../../domain/cycle/cycle-store.ts';
import { PostgresCycleStore } from './cycle-store.ts';
import { createPool } from './database.ts';
import { Leases } from './leases.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const TTL_MS = 60_000;
const HOST = 'host-1';

let fresh: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  fresh = await createTestDatabase();
  pool = createPool(fresh.url);
});
afterAll(async () => {
  await pool.end();
  await fresh.drop();
});
beforeEach(async () => {
  await environment('e', null);
});
afterEach(async () => {
  await fresh.database.cycle.deleteMany();
  await fresh.database.plan.deleteMany();
  await fresh.database.cluster.deleteMany();
  await fresh.database.environment.deleteMany();
  await fresh.database.event.deleteMany();
});

const ownedBy = (owner: string) => new Leases(pool, owner, TTL_MS);

async function environment(id: string, hostId: string | null): Promise<void> {
  await fresh.database.environment.create({ data: { id, name: id, kind: 'simulator', hostId } });
}

async function cycle(id: string, state: CycleState = 'running', environmentId = 'e'): Promise<void> {
  const [clusterId, planId] = [`clu-${id}`, `pln-${id}`];
  const { database } = fresh;
  await database.cluster.create({
    data: {
      id: clusterId,
      environmentId,
      name: clusterId,
      spec: {},
      config: 'new',
      minSize: 0,
      targetSize: 1,
      maxSize: 2,
    },
  });
  const plan = { authorId: 'ada', fingerprint: 'f', body: {}, state: 'approved', expiresAt: new Date() };
  await database.plan.create({ data: { id: planId, clusterId, environmentId, ...plan } });
  await database.cycle.create({ data: { id, planId, clusterId, environmentId, state } });
}

async function expire(id: string): Promise<void> {
  await fresh.database.cycle.update({ where: { id }, data: { leaseUntil: new Date(Date.now() - 1_000) } });
}

const ids = (leases: readonly { readonly id: string }[]) => leases.map((one) => one.id).sort();

describe('a cycle', () => {
  test('has one owner', async () => {
    await cycle('a');
    expect(await ownedBy('w-1').claimCycles(HOST, 10)).toEqual([{ id: 'a', fence: 1n }]);
    expect(await ownedBy('w-2').claimCycles(HOST, 10)).toEqual([]);
    expect(await ownedBy('w-1').claimCycles(HOST, 10)).toEqual([]);
  });

  test('whose lease has expired is claimed with a higher fence', async () => {
    await cycle('a');
    await ownedBy('w-1').claimCycles(HOST, 10);
    await expire('a');
    expect(await ownedBy('w-2').claimCycles(HOST, 10)).toEqual([{ id: 'a', fence: 2n }]);
  });

  test('that was given back is claimed with a higher fence', async () => {
    await cycle('a');
    const first = ownedBy('w-1');
    for (const lease of await first.claimCycles(HOST, 10)) await first.release('cycle', lease);
    expect(await ownedBy('w-1').claimCycles(HOST, 10)).toEqual([{ id: 'a', fence: 2n }]);
  });

  test('is not given back by one who has lost it', async () => {
    await cycle('a');
    await ownedBy('w-1').claimCycles(HOST, 10);
    await expire('a');
    await ownedBy('w-2').claimCycles(HOST, 10);
    await ownedBy('w-1').release('cycle', { id: 'a', fence: 1n });
    await ownedBy('w-2').release('cycle', { id: 'a', fence: 1n });
    expect(await ownedBy('w-3').claimCycles(HOST, 10)).toEqual([]);
  });

  const claimed: Record<CycleState, boolean> = {
    approved: true,
    running: true,
    pausing: true,
    aborting: true,
    paused: false,
    aborted: false,
    completed: false,
    failed: false,
  };

  test.each(Object.entries(claimed))('that is %s is claimed: %s', async (state, isClaimed) => {
    await cycle('a', state as CycleState);
    expect(await ownedBy('w-1').claimCycles(HOST, 10)).toHaveLength(isClaimed ? 1 : 0);
  });

  test("of another host's environment is left to that host", async () => {
    await environment('local', 'host-2');
    await cycle('a', 'running', 'local');
    await cycle('b');
    expect(ids(await ownedBy('w-1').claimCycles(HOST, 10))).toEqual(['b']);
    expect(ids(await ownedBy('w-2').claimCycles('host-2', 10))).toEqual(['a']);
  });

  test('is claimed as long as there is room, the oldest first', async () => {
    for (const id of ['a', 'b', 'c']) await cycle(id);
    const order = ['b', 'c', 'a'];
    for (const [index, id] of order.entries()) {
      await fresh.database.cycle.update({ where: { id }, data: { createdAt: new Date(index) } });
    }
    expect(ids(await ownedBy('w-1').claimCycles(HOST, 2))).toEqual(['b', 'c']);
    expect(ids(await ownedBy('w-2').claimCycles(HOST, 2))).toEqual(['a']);
  });

  test('is never given to two of many who claim at the same moment, and none is left over', async () => {
    const all = Array.from({ length: 30 }, (_, index) => `cyc-${index}`);
    for (const id of all) await cycle(id);
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, index) => ownedBy(`w-${index}`).claimCycles(HOST, 5)),
    );
    const got = claims.flat().map((one) => one.id);
    expect(new Set(got).size).toBe(got.length);
    const rest = await ownedBy('w-9').claimCycles(HOST, 100);
    expect([...got, ...ids(rest)].sort()).toEqual(all.sort());
  });
});

describe('where an environment has a limit', () => {
  const START = 1_790_000_000_000;

  async function limited(limit: number | null): Promise<void> {
    await fresh.database.environment.update({ where: { id: 'e' }, data: { maxActiveCycles: limit } });
  }

  /** Approved cycles, the first of them first. */
  async function approved(...names: string[]): Promise<void> {
    for (const [index, id] of names.entries()) {
      await cycle(id, 'approved');
      await fresh.database.cycle.update({ where: { id }, data: { createdAt: new Date(START + index) } });
    }
  }

  async function set(id: string, state: CycleState, hasBegun: boolean): Promise<void> {
    const data = { state, startedAt: hasBegun ? new Date() : null };
    await fresh.database.cycle.update({ where: { id }, data });
  }

  test('as many are taken up as it allows, the oldest approval first', async () => {
    await limited(2);
    await approved('c', 'b', 'a');
    expect(ids(await ownedBy('w-1').claimCycles(HOST, 10))).toEqual(['b', 'c']);
    expect(await ownedBy('w-2').claimCycles(HOST, 10)).toEqual([]);
  });

  test('no place is given twice, however many workers ask at the same moment', async () => {
    await limited(2);
    for (let round = 0; round < 15; round += 1) {
      const names = Array.from({ length: 5 }, (_, index) => `r${round}-${index}`);
      await approved(...names);
      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, index) => ownedBy(`w-${index}`).claimCycles(HOST, 10)),
      );
      expect(ids(claims.flat())).toEqual(names.slice(0, 2));
      await fresh.database.cycle.updateMany({ data: { state: 'completed', leaseOwner: null } });
    }
  });

  test('no more are taken up than it allows, however the database carries out the statement', async () => {
    await limited(1);
    await approved('c', 'b', 'a');
    // The planner may choose any of these by its own figures: here it is left only the nested loop, whose inner side is
    // carried out anew for each row of the outer side.
    const url = new URL(fresh.url);
    const off = ['hashjoin', 'mergejoin', 'hashagg', 'sort', 'material', 'indexscan', 'bitmapscan', 'indexonlyscan'];
    url.searchParams.set('options', off.map((one) => `-c enable_${one}=off`).join(' '));
    const loops = createPool(url.href);
    try {
      expect(ids(await new Leases(loops, 'w-1', TTL_MS).claimCycles(HOST, 1))).toEqual(['c']);
      await fresh.database.cycle.updateMany({ data: { state: 'running', leaseOwner: null, leaseUntil: null } });
      expect(await new Leases(loops, 'w-1', TTL_MS).claimCycles(HOST, 1)).toHaveLength(1);
    } finally {
      await loops.end();
    }
  });

  const held: readonly [CycleState, boolean, boolean][] = [
    ['running', false, true],
    ['running', true, true],
    ['pausing', false, true],
    ['pausing', true, true],
    ['paused', true, true],
    ['paused', false, false],
    ['aborting', false, true],
    ['aborting', true, true],
    ['completed', true, false],
    ['aborted', true, false],
    ['failed', true, false],
  ];

  test.each(held)('one that is %s, and has begun: %s, holds a place: %s', async (state, hasBegun, isHeld) => {
    await limited(1);
    await approved('first', 'next');
    await set('first', state, hasBegun);
    const others = (await ownedBy('w-1').claimCycles(HOST, 10)).filter((one) => one.id === 'next');
    expect(others).toHaveLength(isHeld ? 0 : 1);
  });

  test('one that was taken up and lost goes on in its place, and no other comes into it', async () => {
    await limited(1);
    await approved('first', 'next');
    expect(ids(await ownedBy('w-1').claimCycles(HOST, 10))).toEqual(['first']);
    await expire('first');
    expect(await ownedBy('w-2').claimCycles(HOST, 10)).toEqual([{ id: 'first', fence: 2n }]);
  });

  test('one that was given back before it began gives back its place', async () => {
    await limited(1);
    await approved('first', 'next');
    const leases = ownedBy('w-1');
    for (const lease of await leases.claimCycles(HOST, 10)) await leases.release('cycle', lease);
    await set('first', 'paused', false);
    expect(ids(await leases.claimCycles(HOST, 10))).toEqual(['next']);
  });

  test('one that was paused before it began gives back its place, though its worker dies with the lease', async () => {
    await limited(1);
    await approved('first', 'next');
    expect(ids(await ownedBy('w-1').claimCycles(HOST, 10))).toEqual(['first']);
    await set('first', 'paused', false);
    expect(ids(await ownedBy('w-2').claimCycles(HOST, 10))).toEqual(['next']);
  });

  test('what has begun is claimed although more are active than a lowered limit allows', async () => {
    await approved('a', 'b', 'c');
    for (const id of ['a', 'b', 'c']) await set(id, 'running', true);
    await limited(1);
    expect(ids(await ownedBy('w-1').claimCycles(HOST, 10))).toEqual(['a', 'b', 'c']);
  });

  test('other environments do not count', async () => {
    await limited(1);
    await environment('other', null);
    await cycle('elsewhere', 'running', 'other');
    await approved('a');
    expect(ids(await ownedBy('w-1').claimCycles(HOST, 10))).toEqual(['a', 'elsewhere']);
  });

  describe('a plan whose cycle waits for a place', () => {
    const MINUTE_MS = 60_000;

    /** The plan of `next`, approved ten minutes after it was made; what is left of its time after a worker has looked. */
    async function remainingMs(limit: number | null, expiresInMs: number): Promise<number> {
      await limited(limit);
      await approved('first', 'next');
      await set('first', 'running', true);
      const now = Date.now();
      await fresh.database.plan.update({
        where: { id: 'pln-next' },
        data: {
          createdAt: new Date(now - 40 * MINUTE_MS),
          decidedAt: new Date(now - 30 * MINUTE_MS),
          expiresAt: new Date(now + expiresInMs),
        },
      });
      await ownedBy('w-1').claimCycles(HOST, 10);
      const plan = await fresh.database.plan.findUniqueOrThrow({ where: { id: 'pln-next' } });
      return plan.expiresAt.getTime() - Date.now();
    }

    test('keeps the time that it had when it was approved', async () => {
      const left = await remainingMs(1, 5 * MINUTE_MS);
      expect(left).toBeGreaterThan(19 * MINUTE_MS);
      expect(left).toBeLessThanOrEqual(20 * MINUTE_MS);
    });

    test.each<[string, number | null, number]>([
      ['that is over stays over', 1, -1_000],
      ['where there is no limit runs on', null, 5 * MINUTE_MS],
      ['where a place is free runs on', 2, 5 * MINUTE_MS],
    ])('%s', async (_, limit, expiresInMs) => {
      const left = await remainingMs(limit, expiresInMs);
      expect(left).toBeLessThanOrEqual(expiresInMs);
    });
  });
});

test('an environment has one owner, and only on its host', async () => {
  await environment('local', 'host-2');
  expect(await ownedBy('w-1').claimEnvironments(HOST)).toEqual([{ id: 'e', fence: 1n }]);
  expect(await ownedBy('w-2').claimEnvironments('host-2')).toEqual([{ id: 'local', fence: 1n }]);
  expect(await ownedBy('w-3').claimEnvironments('host-2')).toEqual([]);
});

describe('a renewal', () => {
  async function until(id: string): Promise<number> {
    const row = await fresh.database.cycle.findUniqueOrThrow({ where: { id } });
    return row.leaseUntil?.getTime() ?? 0;
  }

  test('moves the end of what is held, and of nothing else', async () => {
    for (const id of ['a', 'b']) await cycle(id);
    const leases = ownedBy('w-1');
    const held = await leases.claimCycles(HOST, 10);
    for (const id of ['a', 'b'])
      await fresh.database.cycle.update({ where: { id }, data: { leaseUntil: new Date(Date.now() + 30_000) } });
    const before = await until('b');
    expect(
      await leases.renew(
        'cycle',
        held.filter((one) => one.id === 'a'),
      ),
    ).toEqual(new Set(['a']));
    expect(await until('a')).toBeGreaterThan(before);
    expect(await until('b')).toBe(before);
  });

  test.each<[string, string, bigint, boolean]>([
    ['of another owner', 'w-2', 1n, false],
    ['under an old fence', 'w-1', 0n, false],
    ['that has expired, though nobody has taken it', 'w-1', 1n, true],
  ])('of a lease %s is refused', async (_, owner, fence, isExpired) => {
    await cycle('a');
    await ownedBy('w-1').claimCycles(HOST, 10);
    if (isExpired) await expire('a');
    const before = await until('a');
    expect(await ownedBy(owner).renew('cycle', [{ id: 'a', fence }])).toEqual(new Set());
    expect(await until('a')).toBe(before);
  });
});

describe('under an old fence', () => {
  const point = {
    at: 0,
    startedNew: 1,
    startedOld: 0,
    unhealthy: 0,
    starting: 0,
    draining: 0,
    drained: 0,
    terminating: 0,
    inService: 1,
  };
  const report = { replaced: 0, planned: 1, leaving: 0, skipped: 0, failed: 0, sentence: 'x', next: 'y' };
  const transition = { from: 'running', to: 'completed', reason: null, summary: null } as const;

  const setting = { name: 'autoscaling', instanceId: null } as const;

  type Write = (store: CycleStore, fence: Fence, intent: Intent) => Promise<unknown>;

  /** What writes: complete by its type. A null refuses without throwing, since a person may have changed the state. */
  const writes: Record<
    Exclude<keyof CycleStore, 'load' | 'recentIntents' | 'instances' | 'failures' | 'restores'>,
    { readonly write: Write; readonly answer?: null | false }
  > = {
    recordInstances: { write: (store, fence) => store.recordInstances(fence, ['m-2'], ['m-1']) },
    recordFailures: {
      write: (store, fence) => store.recordFailures(fence, [{ instanceId: 'm-1', kind: 'died', evidence: 'x' }]),
    },
    skipInstance: { write: (store, fence) => store.skipInstance(fence, 'm-1') },
    intend: {
      write: (store, fence) =>
        store.intend(fence, 'running', [{ kind: 'drain', instanceId: 'm-1', count: 0, because: 'x' }]),
      answer: null,
    },
    settle: {
      write: (store, fence, intent) =>
        store.settle(fence, intent, { outcome: 'done', settledBy: 'answer', error: null }),
    },
    transition: { write: (store, fence) => store.transition(fence, transition), answer: false },
    intendSettings: {
      write: (store, fence) =>
        store.intendSettings(fence, 'running', [{ ...setting, value: 'b', before: 'a', during: 'b' }]),
      answer: null,
    },
    noteSettings: { write: (store, fence) => store.noteSettings(fence, [setting], 'restored') },
    report: { write: (store, fence) => store.report(fence, report, point) },
    backOff: { write: (store, fence) => store.backOff(fence, 3, 1_000) },
  };

  async function everything() {
    const { database } = fresh;
    return Promise.all([
      database.cycle.findMany(),
      database.cycleInstance.findMany(),
      database.cycleFailure.findMany(),
      database.cycleSample.findMany(),
      database.intent.findMany(),
      database.restoreEntry.findMany(),
      database.event.findMany(),
      database.activity.count(),
    ]);
  }

  /** A cycle with an open intent, whose first owner has lost it to a second. */
  async function takenOver(): Promise<{ store: CycleStore; old: Fence; present: Fence; intent: Intent }> {
    await cycle('a');
    await fresh.database.cycleInstance.create({
      data: { cycleId: 'a', instanceId: 'm-1', role: 'planned', decision: 'replace' },
    });
    const store = new PostgresCycleStore(fresh.database, TTL_MS);
    const [first] = await ownedBy('w-1').claimCycles(HOST, 1);
    const old = { cycleId: 'a', owner: 'w-1', token: first?.fence ?? 0n };
    const intended = await store.intend(old, 'running', [{ kind: 'start', instanceId: null, count: 1, because: 'x' }]);
    const [intent] = intended?.intents ?? [];
    await expire('a');
    const [second] = await ownedBy('w-2').claimCycles(HOST, 1);
    if (intent === undefined || second === undefined) throw new Error('the cycle was not taken over');
    return { store, old, present: { cycleId: 'a', owner: 'w-2', token: second.fence }, intent };
  }

  test.each(Object.entries(writes))('%s is refused and changes nothing', async (_, { write, answer }) => {
    const { store, old, intent, present } = await takenOver();
    const forged = [old, { ...old, token: present.token }, { ...present, token: old.token }];
    const before = await everything();
    for (const fence of forged) {
      if (answer === undefined) await expect(write(store, fence, intent)).rejects.toMatchObject({ code: 'LEASE_LOST' });
      else expect(await write(store, fence, intent)).toBe(answer);
    }
    expect(await everything()).toEqual(before);
  });

  test.each(Object.entries(writes))('and under the present one %s is written', async (_, { write }) => {
    const { store, present, intent } = await takenOver();
    const before = await everything();
    await write(store, present, intent);
    expect(await everything()).not.toEqual(before);
  });

  test('a cycle cannot be loaded', async () => {
    const { store, old } = await takenOver();
    await expect(store.load(old)).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  test('and under the present one, an instance that the cycle started is told on its stream', async () => {
    const { store, present } = await takenOver();
    await fresh.database.event.deleteMany();
    await store.recordInstances(present, ['m-2'], []);
    expect(await fresh.database.event.findMany()).toMatchObject([{ stream: 'cycle:a', body: { what: 'instances' } }]);
  });

  test('and under the present one, a setting that was put back and is changed again is to be put back again', async () => {
    const { store, present } = await takenOver();
    const order = { ...setting, value: 'b', before: 'a', during: 'b' };
    await store.intendSettings(present, 'running', [order]);
    await store.noteSettings(present, [setting], 'restored');
    expect(await store.restores('a')).toEqual([]);
    await store.intendSettings(present, 'running', [order]);
    expect(await store.restores('a')).toMatchObject([{ ...setting, before: 'a', during: 'b', changedAt: null }]);
  });

  test('of a lease that has run out, no intent is written although nobody else has the cycle', async () => {
    const { store, present } = await takenOver();
    await expire('a');
    expect(
      await store.intend(present, 'running', [{ kind: 'drain', instanceId: 'm-1', count: 0, because: 'x' }]),
    ).toBeNull();
  });
});

test('an intent is not written in another state than the turn was planned for', async () => {
  await cycle('a', 'pausing');
  const [lease] = await ownedBy('w-1').claimCycles(HOST, 1);
  const store = new PostgresCycleStore(fresh.database, TTL_MS);
  const fence = { cycleId: 'a', owner: 'w-1', token: lease?.fence ?? 0n };
  const drain = { kind: 'drain', instanceId: 'm-1', count: 0, because: 'x' } as const;
  expect(await store.intend(fence, 'running', [drain])).toBeNull();
  expect(await fresh.database.intent.count()).toBe(0);
});

test('no call may outlive the lease of its worker', async () => {
  await cycle('a');
  const shortLived = new Leases(pool, 'w-1', 5_000);
  const [lease] = await shortLived.claimCycles(HOST, 1);
  const store = new PostgresCycleStore(fresh.database, 5_000);
  const fence = { cycleId: 'a', owner: 'w-1', token: lease?.fence ?? 0n };
  const intended = await store.intend(fence, 'running', [{ kind: 'start', instanceId: null, count: 1, because: 'x' }]);
  const { leaseUntil } = await fresh.database.cycle.findUniqueOrThrow({ where: { id: 'a' } });
  expect(intended?.intents[0]?.deadline).toBeLessThanOrEqual((leaseUntil?.getTime() ?? 0) - 500);
  expect(intended?.remainingMs).toBeLessThanOrEqual(4_500);
});
