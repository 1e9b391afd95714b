import type { ClusterRecord, Observation } from '../domain/cluster/fleet.ts';

/** A cluster that has changed within this time is read at every round: more is likely to come. */
const IN_MOTION_FOR_MS = 30_000;

/** A quiet cluster of a large environment waits its turn no longer than so many rounds. */
const ROUNDS_TO_READ_ALL = 5;

/** Up to so many quiet clusters are read at every round, whatever the number of rounds. */
const QUIET_AT_ONCE = 4;

interface Known {
  readonly readAt: number;
  /** Null where it could not be read. */
  readonly facts: string | null;
  readonly changedAt: number;
}

/**
 * Which clusters of an environment to read at a round: all of a small one; of a large one those in motion and those that
 * could not be read, and some of the others, the longest unread first. So a fleet at rest costs little to watch.
 */
export class ReadingOrder {
  readonly #known = new Map<string, Known>();

  pick(records: readonly ClusterRecord[], now: number): readonly ClusterRecord[] {
    const ids = new Set(records.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    const quiet = records.filter(({ id }) => now - (this.#known.get(id)?.changedAt ?? now) > IN_MOTION_FOR_MS);
    const share = Math.max(QUIET_AT_ONCE, Math.ceil(quiet.length / ROUNDS_TO_READ_ALL));
    const readAt = ({ id }: ClusterRecord) => this.#known.get(id)?.readAt ?? 0;
    const waiting = new Set(quiet.toSorted((a, b) => readAt(a) - readAt(b)).slice(share));
    return records.filter((record) => !waiting.has(record));
  }

  /** What was read counts for the next picks. */
  note(observations: readonly Observation[]): void {
    for (const { clusterId, readAt, result } of observations) {
      const known = this.#known.get(clusterId);
      const facts = 'cluster' in result ? JSON.stringify(result.cluster) : null;
      this.#known.set(clusterId, { readAt, facts, changedAt: changedAt(known, facts, readAt) });
    }
  }
}

/** What is seen for the first time may be of long ago; what could not be read may change at any time. */
function changedAt(known: Known | undefined, facts: string | null, readAt: number): number {
  if (facts === null) return readAt;
  if (known === undefined) return Number.NEGATIVE_INFINITY;
  return known.facts === facts ? known.changedAt : readAt;
}
