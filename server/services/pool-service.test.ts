import { expect, test } from 'vitest';
import type { PoolCommands, PoolQueries } from './pool-service.ts';
import { PoolService } from './pool-service.ts';
import type { WaitingWish } from './queue.ts';

const never = (): never => {
  throw new Error('nobody orders anything');
};
const commands: PoolCommands = { pause: never, resume: never, startMaintenance: never, endMaintenance: never };

const wish = (id: string, ...pools: string[]): WaitingWish => ({
  id,
  kind: 'session',
  name: id,
  sessionId: `session of ${id}`,
  holderName: 'ada',
  wants: pools.map((pool, index) => ({ component: `machine-${index + 1}`, pool })),
  priority: 0,
  requestedAt: 0,
});

/** Pools of which all machines are lost, and who waits for them; notes of which pools the facts are read. */
function serviceOf(waiting: readonly WaitingWish[]) {
  const read: (readonly string[])[] = [];
  const supplies = async (pools: readonly string[] | null) =>
    (pools ?? []).map((name) => ({ name, machines: [], declared: { machines: 9, forSessions: 9 }, paused: false }));
  const queries: PoolQueries = {
    waiting: async () => waiting,
    async facts(pools) {
      read.push(pools.toSorted());
      return { supplies: await supplies(pools), usualHolds: new Map(), usualStarts: new Map(), now: 0 };
    },
    supplies,
    records: async () => new Map(),
    seqOf: async () => '0',
    cursors: async () => ({}),
  };
  return { service: new PoolService(queries, commands), read };
}

const waiting = [wish('one', 'a', 'b'), wish('two', 'b', 'c'), wish('other', 'x'), wish('three', 'c')];

test('how some stand is told from the facts of their pools, and of those that are tied to them', async () => {
  const { service, read } = serviceOf(waiting);
  expect(await service.positions(['three'])).toEqual(new Map([['three', 2]]));
  expect(await service.queueOf(['session of other'])).toMatchObject(
    new Map([['session of other', { position: 1, ahead: [], aheadCount: 0 }]]),
  );
  expect((await service.byName('a')).queue.map(({ name }) => name)).toEqual(['one']);
  expect((await service.availability([{ pool: 'x', count: 1 }], 'manual', 0)).ahead).toBe(1);
  expect(read).toEqual([['a', 'b', 'c'], ['x'], ['a', 'b', 'c'], ['x']]);
});

test('of those that do not wait no facts are read', async () => {
  const { service, read } = serviceOf(waiting);
  expect(await service.positions(['gone'])).toEqual(new Map());
  expect(await service.queueOf(['gone'])).toEqual(new Map());
  expect(read).toEqual([]);
});

test('a queue of 1,000 names three before each, and counts the others', async () => {
  const many = Array.from({ length: 1_000 }, (_, index) => wish(`w${index}`, 'a'));
  const { queue } = await serviceOf(many).service.byName('a');
  expect(queue).toHaveLength(1_000);
  expect(queue[1]).toMatchObject({ ahead: ['w0'], aheadCount: 1 });
  expect(queue[999]).toMatchObject({ ahead: ['w0', 'w1', 'w2'], aheadCount: 999, position: 1_000 });
});
