import type { CycleHistory } from '../domain/cycle/cycle-history.ts';

/** The history of a cycle, and of which moment it is. */
export interface CycleHistoryView extends CycleHistory {
  /** Sequence of the stream `cycle:<id>` that it is as of. */
  readonly seq: string;
  /** The same of the stream of its cluster, which says when an instance has changed. */
  readonly clusterSeq: string;
  readonly clusterId: string;
}
