import { describe, expect, test } from 'vitest';
import type { Cluster } from '../cluster/cluster.ts';
import { dryRun } from './dry-run.ts';
import type { Call, Environment } from './environment.ts';
import { run } from './run.ts';
import type { Task } from './task.ts';

const never = new AbortController().signal;
const cluster: Cluster = { id: 'c', name: 'web', config: 'new', minSize: 0, maxSize: 10, instances: [] };

/** Writes down what it is asked for; what `fails` names is refused. */
class Notebook implements Environment {
  readonly name = 'notebook';
  readonly capabilities = { undrain: true, close: false, token: 'atomic', observesDrain: true } as const;
  readonly asked: unknown[] = [];
  readonly calls: Call[] = [];

  constructor(readonly fails: readonly string[] = []) {}

  lookupClusterId = async (name: string) => this.#note(['lookup', name], 'c');
  describeCluster = async (id: string) => this.#note(['describe', id], cluster);
  startInstances = async (id: string, count: number, call: Call) => this.#order(['start', id, count], call);
  drainInstances = async (ids: readonly string[], call: Call) => this.#order(['drain', ...ids], call);
  terminateInstances = async (ids: readonly string[], call: Call) => this.#order(['terminate', ...ids], call);
  undrainInstances = async (ids: readonly string[], call: Call) => this.#order(['undrain', ...ids], call);
  waitInstances = async (state: string, ids: readonly string[]): Promise<void> =>
    this.#note(['wait', state, ...ids], undefined);

  #order(what: readonly [string, ...unknown[]], call: Call): void {
    this.calls.push(call);
    this.#note(what, undefined);
  }

  #note<Answer>(what: readonly [string, ...unknown[]], answer: Answer): Answer {
    this.asked.push(what);
    if (this.fails.includes(what[0])) throw new Error(`${what[0]} refused`);
    return answer;
  }
}

const step: readonly Task[] = [
  { kind: 'start', clusterId: 'c', count: 2 },
  { kind: 'drain', instanceIds: ['a', 'b'] },
  { kind: 'terminate', instanceIds: ['d'] },
  { kind: 'wait', state: 'terminated', instanceIds: ['e'] },
  { kind: 'hold', reason: 'bake', instanceIds: [], until: 1 },
];

describe('run', () => {
  test('carries out every task of a step, each order under its own token', async () => {
    const environment = new Notebook();
    await run(environment, step, never);
    await run(environment, step.slice(0, 1), never);
    expect(environment.asked).toEqual([
      ['start', 'c', 2],
      ['drain', 'a', 'b'],
      ['terminate', 'd'],
      ['wait', 'terminated', 'e'],
      ['start', 'c', 2],
    ]);
    expect(new Set(environment.calls.map(({ token }) => token)).size).toBe(4);
    for (const { token } of environment.calls) expect(token).toMatch(/^run-[0-9a-f-]+\/1\/\d+$/);
  });

  test('begins all tasks before any has ended', async () => {
    const environment = new Notebook();
    let started = () => {};
    const seen = new Promise<void>((resolve) => {
      started = resolve;
    });
    environment.waitInstances = async () => seen;
    environment.startInstances = async () => started();
    await run(environment, [{ kind: 'wait', state: 'drained', instanceIds: ['a'] }, ...step.slice(0, 1)], never);
  });

  test('reports every failure, and does the rest', async () => {
    const environment = new Notebook(['start', 'wait']);
    const failure = await run(environment, step, never).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AggregateError);
    expect(failure).toMatchObject({
      message: '2 of 5 tasks failed',
      errors: [new Error('start refused'), new Error('wait refused')],
    });
    expect(environment.asked).toHaveLength(4);
  });

  test('orders nothing once it is cancelled', async () => {
    const environment = new Notebook();
    await expect(run(environment, step, AbortSignal.abort())).rejects.toBeInstanceOf(AggregateError);
    expect(environment.asked).toEqual([]);
  });

  test('has nothing to do with an empty list', async () => {
    await expect(run(new Notebook(), [], never)).resolves.toBeUndefined();
  });
});

describe('dryRun', () => {
  test('lets reads through and nothing else', async () => {
    const environment = new Notebook();
    const dry = dryRun(environment);
    expect(await dry.lookupClusterId('web', never)).toBe('c');
    expect(await dry.describeCluster('c', never)).toBe(cluster);
    await run(dry, step, never);
    await dry.undrainInstances?.(['a'], { token: 't', deadline: 0, signal: never });
    expect(environment.asked).toEqual([
      ['lookup', 'web'],
      ['describe', 'c'],
    ]);
    expect(dry).toMatchObject({ name: 'notebook', capabilities: environment.capabilities });
  });

  test('is cancelled like the environment itself', async () => {
    const cancelled = AbortSignal.abort(new Error('stop'));
    await expect(dryRun(new Notebook()).waitInstances('started', ['a'], cancelled)).rejects.toThrow('stop');
    const call = { token: 't', deadline: 0, signal: cancelled };
    await expect(dryRun(new Notebook()).startInstances('c', 1, call)).rejects.toThrow('stop');
  });

  test('offers no undrain where the environment has none', () => {
    const environment: Environment = new Notebook();
    environment.undrainInstances = undefined;
    expect(dryRun(environment).undrainInstances).toBeUndefined();
  });
});
