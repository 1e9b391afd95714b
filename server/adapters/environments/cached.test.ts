import { beforeEach, expect, test } from 'vitest';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import type { Call, Environment } from '../../domain/cycle/environment.ts';
import { cached } from './cached.ts';
import { FakeEnvironment } from './fake-environment.ts';

const never = new AbortController().signal;
const call: Call = { token: 't', deadline: 0, signal: never };

let now: number;
let behind: FakeEnvironment;
let environment: Environment;
beforeEach(() => {
  now = 0;
  behind = new FakeEnvironment();
  environment = cached(behind, 1_000, () => now);
});

const cluster = (name: string): Cluster => ({ id: 'c', name, config: 'v1', minSize: 0, maxSize: 1, instances: [] });
const look = (signal = never) => environment.describeCluster('c', signal).then(({ name }) => name);

test('all who ask while a read is under way or recent get its answer', async () => {
  const asked = [look(), look()];
  behind.reads[0]?.answer(cluster('first'));
  now = 999;
  expect(await Promise.all([...asked, look()])).toEqual(['first', 'first', 'first']);
  expect(behind.reads).toHaveLength(1);
});

test('a read is as old as its beginning: one that took long is not kept longer', async () => {
  const first = look();
  now = 1_000;
  behind.reads[0]?.answer(cluster('first'));
  expect(await first).toBe('first');
  const second = look();
  behind.reads[1]?.answer(cluster('second'));
  expect(await second).toBe('second');
});

test.each([
  ['startInstances', (other: Environment) => other.startInstances('c', 1, call)],
  ['drainInstances', (other: Environment) => other.drainInstances(['i'], call)],
  ['terminateInstances', (other: Environment) => other.terminateInstances(['i'], call)],
  ['undrainInstances', (other: Environment) => other.undrainInstances?.(['i'], call)],
])(
  '%s throws reads away, also one that began before it and ends after it, and also when it fails',
  async (_, write) => {
    const before = look();
    behind.failure = new Error('lost answer');
    await expect(write(environment)).rejects.toThrow('lost answer');
    const after = look();
    behind.reads[0]?.answer(cluster('before'));
    behind.reads[1]?.answer(cluster('after'));
    expect([await before, await after, await look()]).toEqual(['before', 'after', 'after']);
  },
);

test('a failure is not kept', async () => {
  const first = look();
  behind.reads[0]?.fail(new Error('down'));
  await expect(first).rejects.toThrow('down');
  const second = look();
  behind.reads[1]?.answer(cluster('up'));
  expect(await second).toBe('up');
});

test('who cancels leaves the others their read, and the last one ends it', async () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const asked = [look(one.signal), look(two.signal)];
  const [first, second] = asked.map((answer) => answer.catch((error: Error) => error.name));
  one.abort();
  expect(await first).toBe('AbortError');
  expect(behind.reads[0]?.signal.aborted).toBe(false);
  two.abort();
  expect(await second).toBe('AbortError');
  expect(behind.reads[0]?.signal.aborted).toBe(true);

  const again = look();
  behind.reads[1]?.answer(cluster('again'));
  expect(await again).toBe('again');
});
