import type { Logger } from 'pino';
import type { ClusterRecord, Fleet, Observation } from '../domain/cluster/fleet.ts';
import type { Environment } from '../domain/cycle/environment.ts';
import { Latch } from './latch.ts';
import { ReadingOrder } from './reading-order.ts';

export interface ObserverPorts {
  readonly fleet: Pick<Fleet, 'clustersOf'>;
  readonly record: (environmentId: string, fence: bigint, observations: readonly Observation[]) => Promise<void>;
  readonly clock: () => number;
  readonly log: Logger;
}

/** How often an environment is read. A refresh that somebody asks for comes at once. */
const OBSERVE_EVERY_MS = 1_000;

/** While the back end tells of changes: some facts change with time alone, and what is shown has to be known to hold. */
const CONFIRM_EVERY_MS = 5_500;

/** After it could not be heard. */
const LISTEN_AGAIN_MS = 5_000;

/** A read that takes longer has failed, so that one slow back end cannot hide how old its facts are. */
const READ_LIMIT_MS = 8_000;

const CLUSTERS_AT_ONCE = 8;

/**
 * Reads the clusters of an environment again and again, and stores what changed, until the signal aborts. A refresh reads
 * all of them, and so does what a back end tells of by itself; in between those at rest of a large environment take turns.
 */
export async function observe(
  lease: { readonly id: string; readonly fence: bigint },
  environment: Environment,
  ports: ObserverPorts,
  refresh: Latch,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const ear = new Ear();
  const listening = ear.listen(environment, refresh.open, ports.log, AbortSignal.any([signal, over.signal]));
  try {
    await readAll(lease, environment, ports, refresh, ear, signal);
  } finally {
    over.abort();
    await listening;
  }
}

async function readAll(
  lease: { readonly id: string; readonly fence: bigint },
  environment: Environment,
  ports: ObserverPorts,
  refresh: Latch,
  ear: Ear,
  signal: AbortSignal,
): Promise<void> {
  const order = new ReadingOrder();
  let isAsked = true;
  while (!signal.aborted) {
    const all = await ports.fleet.clustersOf(lease.id);
    const records = isAsked ? all : order.pick(all, ports.clock());
    const observations: Observation[] = [];
    const queue = [...records];
    const readers = Array.from({ length: CLUSTERS_AT_ONCE }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        observations.push(await read(next, environment, ports.clock, signal));
      }
    });
    await Promise.all(readers);
    signal.throwIfAborted();
    await ports.record(lease.id, lease.fence, observations);
    order.note(observations);
    for (const { clusterId, result } of observations) {
      if ('error' in result) ports.log.warn({ clusterId, error: result.error }, 'could not read a cluster');
    }
    const wasHearing = ear.hears;
    isAsked = (await refresh.wait(wasHearing ? CONFIRM_EVERY_MS : OBSERVE_EVERY_MS, signal)) || wasHearing;
  }
}

/** Hears of the changes of a back end that tells of them. */
class Ear {
  #hears = false;

  /** Whether a change would be heard now. */
  get hears(): boolean {
    return this.#hears;
  }

  async listen(environment: Environment, changed: () => void, log: Logger, signal: AbortSignal): Promise<void> {
    if (environment.follow === undefined) return;
    const heard = () => {
      this.#hears = true;
      changed();
    };
    while (!signal.aborted) {
      try {
        await environment.follow(heard, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ error, environment: environment.name }, 'the changes of a back end are not heard, only read');
        this.#hears = false;
        // What happened since may have been missed.
        changed();
        await new Latch().wait(LISTEN_AGAIN_MS, signal);
      }
      this.#hears = false;
    }
  }
}

async function read(
  record: ClusterRecord,
  environment: Environment,
  clock: () => number,
  signal: AbortSignal,
): Promise<Observation> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(READ_LIMIT_MS)]);
  const readAt = clock();
  try {
    return { clusterId: record.id, readAt, result: { cluster: await environment.describeCluster(record.id, limit) } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      clusterId: record.id,
      readAt,
      result: { error: limit.aborted ? 'the back end did not answer in time' : message },
    };
  }
}
