import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeEnvironment } from '../adapters/environments/fake-environment.ts';
import type { ClusterRecord, Observation } from '../domain/cluster/fleet.ts';
import type { Environment } from '../domain/cycle/environment.ts';
import { DomainError } from '../domain/errors.ts';
import type { Json } from '../domain/instance/plugin.ts';
import { Latch } from './latch.ts';
import { type ObserverPorts, observe } from './observer.ts';

let reads: number;
let end: AbortController;
/** What was written into specs where nothing may be: an observer goes on when that fails. */
let unexpected: Json[];
const unexpectedPin = async (_: ClusterRecord, spec: Json) => {
  unexpected.push(spec);
};

beforeEach(() => {
  unexpected = [];
  vi.useFakeTimers({ now: 0 });
  reads = 0;
  end = new AbortController();
});
afterEach(() => {
  vi.useRealTimers();
  expect(unexpected).toEqual([]);
});

/** Reads no clusters, where none are given; each round is counted. */
function begin(environment: Environment, given: Partial<ObserverPorts> = {}, clusters: ClusterRecord[] = []) {
  const ports: ObserverPorts = {
    fleet: {
      clustersOf: async () => {
        reads += 1;
        return clusters;
      },
    },
    record: async () => undefined,
    pin: unexpectedPin,
    clock: Date.now,
    log: pino({ level: 'silent' }),
    ...given,
  };
  return observe({ id: 'env', fence: 1n }, environment, ports, new Latch(), end.signal);
}

/** How many rounds there are in a time. */
async function readsWithin(ms: number): Promise<number> {
  const before = reads;
  await vi.advanceTimersByTimeAsync(ms);
  return reads - before;
}

/** One that tells of changes by `heard`, until it is cut off. */
class Telling extends FakeEnvironment {
  heard: () => void = () => undefined;
  cutOff: (error: Error) => void = () => undefined;
  follows = 0;

  follow(heard: () => void, signal: AbortSignal): Promise<void> {
    this.follows += 1;
    this.heard = heard;
    heard();
    return new Promise((resolve, reject) => {
      this.cutOff = reject;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

test('a back end that tells nothing is read each second', async () => {
  const observing = begin(new FakeEnvironment());
  await readsWithin(0);
  expect(await readsWithin(10_000)).toBe(10);
  end.abort();
  await observing;
});

test('one that tells of changes is read when it does, and else now and then', async () => {
  const environment = new Telling();
  const observing = begin(environment);
  await readsWithin(100);
  expect(await readsWithin(11_000)).toBe(2);
  environment.heard();
  expect(await readsWithin(1)).toBe(1);
  end.abort();
  await observing;
});

test('one that is not heard any more is read at once and each second, until it is heard again', async () => {
  const environment = new Telling();
  const observing = begin(environment);
  await readsWithin(100);
  environment.cutOff(new Error('cut off'));
  expect(await readsWithin(1)).toBe(1);
  expect(await readsWithin(4_000)).toBe(4);
  expect(environment.follows).toBe(1);
  await readsWithin(2_000);
  expect(environment.follows).toBe(2);
  expect(await readsWithin(11_000)).toBe(2);
  end.abort();
  await observing;
});

test('nobody listens any more when the lease is lost', async () => {
  const environment = new Telling();
  const followed = vi.spyOn(environment, 'follow');
  await expect(begin(environment, { record: () => Promise.reject(new Error('lost')) })).rejects.toThrow('lost');
  expect(followed.mock.calls[0]?.[1].aborted).toBe(true);
});

describe('a spec of which the back end says something', () => {
  const record: ClusterRecord = {
    id: 'c',
    name: 'web',
    environmentId: 'env',
    config: 'v1',
    spec: { image: 'web:2', init: true },
    minSize: 0,
    targetSize: 1,
    maxSize: 2,
    policy: null,
    drainTimeoutMs: 1_000,
    labels: {},
    observedAt: null,
    observeError: null,
  };
  const facts = { id: 'c', name: 'web', config: 'v1', minSize: 0, maxSize: 2, instances: [] };
  const PINNED = { init: true, image: 'web:2@sha256:1' };

  /** What one round stored and wrote, in its order, where the back end says that of the spec. */
  async function round(pinnedSpec: Environment['pinnedSpec'], given: Partial<ObserverPorts> = {}) {
    const steps: (readonly Observation[] | Json)[] = [];
    const ports = {
      record: async (_id: string, _fence: bigint, observations: readonly Observation[]) => {
        steps.push(observations);
      },
      pin: async (_: ClusterRecord, spec: Json) => {
        steps.push(spec);
      },
      ...given,
    };
    const describeCluster = async () => facts;
    const environment: Environment = Object.assign(new FakeEnvironment(), { describeCluster, pinnedSpec });
    const observing = begin(environment, ports, [record]);
    const own = end;
    await Promise.all([observing, readsWithin(0).then(() => own.abort())]);
    return steps;
  }
  const stored = (problem?: string) => [
    { clusterId: 'c', readAt: 0, result: problem === undefined ? { cluster: facts } : { cluster: facts, problem } },
  ];

  test('is edited once what was read is stored', async () => {
    expect(await round(async () => PINNED)).toEqual([stored(), PINNED]);
  });

  test('is left alone where it says so already, in whatever order', async () => {
    expect(await round(async () => ({ image: 'web:2', init: true }))).toEqual([stored()]);
    reads = 0;
    end = new AbortController();
    expect(await round(undefined)).toEqual([stored()]);
  });

  test('is left alone where the back end fails to say it, and the facts are stored with what it said', async () => {
    const failing = () => Promise.reject(new Error('There is no image web:2: pull it.'));
    expect(await round(failing)).toEqual([stored('There is no image web:2: pull it')]);
  });

  test('that cannot be said is told in the log when that is new, and when it is over', async () => {
    const log = pino({ level: 'silent' });
    const warned = vi.spyOn(log, 'warn');
    const over = vi.spyOn(log, 'info');
    let observeError: string | null = null;
    let words: string | null = 'There is no image web:2.';
    const environment: Environment = Object.assign(new FakeEnvironment(), {
      describeCluster: async () => facts,
      pinnedSpec: async (spec: Json) => (words === null ? spec : Promise.reject(new Error(words))),
    });
    const ports: Partial<ObserverPorts> = {
      fleet: { clustersOf: async () => [{ ...record, observeError }] },
      record: async (_id, _fence, [one]) => {
        observeError = (one && 'cluster' in one.result ? one.result.problem : null) ?? null;
      },
      log,
    };
    const observing = begin(environment, ports);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(warned.mock.calls).toEqual([
      [{ clusterId: 'c', error: 'There is no image web:2' }, 'could not read a cluster'],
    ]);
    words = 'The engine is away.';
    await vi.advanceTimersByTimeAsync(2_000);
    expect(warned).toHaveBeenCalledTimes(2);
    expect(over).not.toHaveBeenCalled();
    words = null;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(over).toHaveBeenCalledTimes(1);
    expect(warned).toHaveBeenCalledTimes(2);
    end.abort();
    await observing;
  });

  test('is left alone by an observer that has lost its lease', async () => {
    const lost = new DomainError('LEASE_LOST', { name: 'environment:env' });
    const ports = { record: () => Promise.reject(lost), pin: unexpectedPin };
    await expect(round(async () => PINNED, ports)).rejects.toBe(lost);
  });

  test.each([
    ['what a person did in between', new DomainError('CONFLICT', { kind: 'cluster', id: 'c', message: 'm' }), 0],
    ['a cycle', new DomainError('CYCLE_ACTIVE', { clusterId: 'c', cycleId: 'cyc_1' }), 0],
    ['its removal', new DomainError('CLUSTER_UNKNOWN', { id: 'c' }), 0],
    ['nothing else, which the log tells', new Error('the disk is full'), 1],
  ])('gives way to %s, and is tried again at the next read', async (_, failure, lines) => {
    const log = pino({ level: 'silent' });
    const told = vi.spyOn(log, 'error');
    let tried = 0;
    const pin = () => {
      tried += 1;
      return Promise.reject(failure);
    };
    const environment: Environment = Object.assign(new FakeEnvironment(), {
      describeCluster: async () => facts,
      pinnedSpec: async () => PINNED,
    });
    const observing = begin(environment, { pin, log }, [record]);
    await readsWithin(2_500);
    end.abort();
    await observing;
    expect(tried).toBe(3);
    expect(told).toHaveBeenCalledTimes(lines * 3);
  });
});
