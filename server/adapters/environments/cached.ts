import type { Cluster } from '../../domain/cluster/cluster.ts';
import type { Environment } from '../../domain/cycle/environment.ts';
import { passThrough } from './pass-through.ts';

interface Read {
  /** When it began: what it answers is at least as new as this. */
  readonly at: number;
  readonly answer: Promise<Cluster>;
  readonly controller: AbortController;
  readers: number;
  settled: boolean;
}

/**
 * The same environment, with one read of a cluster for all who ask within `ttlMs` of its beginning. A write throws all
 * reads away, when it begins and when it ends, so nobody gets facts from before a write that they know has ended.
 * Failures are not kept. A read is cancelled when nobody waits for it any more.
 */
export function cached(environment: Environment, ttlMs: number, clock: () => number): Environment {
  const reads = new Map<string, Read>();

  function begin(id: string): Read {
    const controller = new AbortController();
    const answer = environment.describeCluster(id, controller.signal);
    const read: Read = { at: clock(), answer, controller, readers: 0, settled: false };
    const forget = () => {
      if (reads.get(id) === read) reads.delete(id);
    };
    answer.then(
      () => {
        read.settled = true;
      },
      () => {
        read.settled = true;
        forget();
      },
    );
    controller.signal.addEventListener('abort', forget, { once: true });
    reads.set(id, read);
    return read;
  }

  async function describeCluster(id: string, signal: AbortSignal): Promise<Cluster> {
    signal.throwIfAborted();
    const kept = reads.get(id);
    const read = kept && clock() - kept.at < ttlMs ? kept : begin(id);
    read.readers += 1;
    let cancel = () => {};
    const cancelled = new Promise<never>((_, reject) => {
      cancel = () => reject(signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
    });
    try {
      return await Promise.race([read.answer, cancelled]);
    } finally {
      signal.removeEventListener('abort', cancel);
      read.readers -= 1;
      if (read.readers === 0 && !read.settled) read.controller.abort(signal.reason);
    }
  }

  async function write(request: () => Promise<void>): Promise<void> {
    reads.clear();
    try {
      await request();
    } finally {
      reads.clear();
    }
  }

  const behind = passThrough(environment);
  const { undrainInstances: undrain, changeSettings: change } = behind;
  return {
    ...behind,
    describeCluster,
    startInstances: (id, count, call) => write(() => environment.startInstances(id, count, call)),
    drainInstances: (ids, call) => write(() => environment.drainInstances(ids, call)),
    terminateInstances: (ids, call) => write(() => environment.terminateInstances(ids, call)),
    ...(undrain && { undrainInstances: (ids, call) => write(() => undrain(ids, call)) }),
    ...(change && { changeSettings: (id, changes, call) => write(() => change(id, changes, call)) }),
  };
}
