import type { Logger } from 'pino';
import type { Cluster } from '../domain/cluster/cluster.ts';
import type { ClusterRecord, Fleet, Observation } from '../domain/cluster/fleet.ts';
import type { Environment } from '../domain/cycle/environment.ts';
import { type DomainErrorCode, isDomainError } from '../domain/errors.ts';
import { canonical } from '../domain/instance/canonical.ts';
import type { Json } from '../domain/instance/plugin.ts';
import { Latch } from './latch.ts';
import { ReadingOrder } from './reading-order.ts';

export interface ObserverPorts {
  readonly fleet: Pick<Fleet, 'clustersOf'>;
  readonly record: (environmentId: string, fence: bigint, observations: readonly Observation[]) => Promise<void>;
  /**
   * Edits the cluster's spec as any edit does, where nobody edited it since it was read and no cycle of it is active.
   * Throws CONFLICT, CYCLE_ACTIVE or CLUSTER_UNKNOWN where that is not so.
   */
  readonly pin: (record: ClusterRecord, spec: Json) => Promise<void>;
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

/** What people and cycles did in between goes first; the next read looks again. */
const GIVES_WAY_TO: readonly DomainErrorCode[] = ['CONFLICT', 'CYCLE_ACTIVE', 'CLUSTER_UNKNOWN'];

/**
 * Reads the clusters of an environment again and again, and stores what changed, until the signal aborts. A refresh reads
 * all of them, and so does what a back end tells of by itself; in between those at rest of a large environment take turns.
 * What only the back end can say of a spec is written into it.
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
    const readings: Reading[] = [];
    const queue = [...records];
    const readers = Array.from({ length: CLUSTERS_AT_ONCE }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        readings.push(await read(next, environment, ports.clock, signal));
      }
    });
    await Promise.all(readers);
    signal.throwIfAborted();
    const observations = readings.map(({ observation }) => observation);
    await ports.record(lease.id, lease.fence, observations);
    order.note(observations);
    for (const reading of readings) tellOnce(reading, ports.log);
    for (const reading of readings) {
      signal.throwIfAborted();
      await pin(reading, ports);
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

interface Reading {
  /** As it was when it was read. */
  readonly record: ClusterRecord;
  readonly observation: Observation;
  /** What the record's should be by now. */
  readonly spec: Json;
}

async function read(
  record: ClusterRecord,
  environment: Environment,
  clock: () => number,
  signal: AbortSignal,
): Promise<Reading> {
  const { id: clusterId, spec } = record;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(READ_LIMIT_MS)]);
  const readAt = clock();
  const reading = (result: Observation['result'], now: Json = spec): Reading => ({
    record,
    observation: { clusterId, readAt, result },
    spec: now,
  });
  const why = (error: unknown) => (limit.aborted ? 'the back end did not answer in time' : inWords(error));
  let cluster: Cluster;
  try {
    cluster = await environment.describeCluster(clusterId, limit);
  } catch (error) {
    return reading({ error: why(error) });
  }
  try {
    return reading({ cluster }, await environment.pinnedSpec?.(spec, limit));
  } catch (error) {
    return reading({ cluster, problem: why(error) });
  }
}

/** To follow a colon, and to be followed by a full stop. */
function inWords(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

/** What stays as it is stands with the cluster, and need not fill the log. */
function tellOnce({ record: { id: clusterId, observeError }, observation: { result } }: Reading, log: Logger): void {
  const error = ('error' in result ? result.error : result.problem) ?? null;
  if (error === observeError) return;
  if (error === null) log.info({ clusterId }, 'a cluster can be read again');
  else log.warn({ clusterId, error }, 'could not read a cluster');
}

async function pin({ record, spec }: Reading, { pin, log }: ObserverPorts): Promise<void> {
  if (canonical(spec) === canonical(record.spec)) return;
  try {
    await pin(record, spec);
  } catch (error) {
    if (isDomainError(error) && GIVES_WAY_TO.includes(error.code)) return;
    log.error({ error, clusterId: record.id }, 'could not write into a spec what the back end says of it');
  }
}
