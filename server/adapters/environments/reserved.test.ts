import { expect, test } from 'vitest';
import type { Cluster, Instance } from '../../domain/cluster/cluster.ts';
import type { Call } from '../../domain/cycle/environment.ts';
import type { Hold } from '../../domain/pool/hold.ts';
import { FakeEnvironment } from './fake-environment.ts';
import { reserved } from './reserved.ts';

const never = new AbortController().signal;
const call: Call = { token: 'cycle/1/1', deadline: 0, signal: never };

const drained: Instance = { id: 'm-1', state: 'drained', config: 'v', createdAt: 1, updatedAt: 7 };
const cluster: Cluster = { id: 'c', name: 'n', config: 'v', minSize: 0, maxSize: 1, instances: [drained] };
const hold: Hold = {
  instanceId: 'm-1',
  reservationId: 'r',
  sessionId: 's',
  name: 'nightly',
  component: 'driver',
  holderName: 'Ada',
  purpose: '',
  since: 3,
};

test('a hold that comes while the back end is read is seen', async () => {
  const behind = new FakeEnvironment();
  const holds: Hold[] = [];
  const asked: string[] = [];
  const environment = reserved(behind, async (clusterId) => {
    asked.push(clusterId);
    return [...holds];
  });
  const read = environment.describeCluster('c', never);
  holds.push(hold);
  behind.reads[0]?.answer(cluster);
  expect((await read).instances).toMatchObject([{ id: 'm-1', state: 'draining', updatedAt: 7 }]);
  expect(asked).toEqual(['c']);
});

test('where the holds cannot be read nothing is told of the cluster', async () => {
  const behind = new FakeEnvironment();
  const environment = reserved(behind, async () => {
    throw new Error('the database is down');
  });
  const read = environment.describeCluster('c', never);
  behind.reads[0]?.answer(cluster);
  await expect(read).rejects.toThrow('the database is down');
});

test('every order goes to the back end as it is, and its failure comes back', async () => {
  const behind = new FakeEnvironment();
  const environment = reserved(behind, async () => [hold]);
  const orders = [
    () => environment.startInstances('c', 1, call),
    () => environment.drainInstances(['m-1'], call),
    () => environment.terminateInstances(['m-1'], call),
    () => environment.undrainInstances?.(['m-1'], call),
    () => environment.waitInstances('drained', ['m-1'], never),
  ];
  for (const order of orders) await order();
  behind.failure = new Error('no such instance');
  for (const order of orders) await expect(order()).rejects.toBe(behind.failure);
  expect(await environment.lookupClusterId('web', never)).toBe('id of web');
});
