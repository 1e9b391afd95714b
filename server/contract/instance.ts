import { z } from 'zod';
import { type InstanceView, offsetSchema } from './cluster.ts';

export const instanceListSchema = z.object({
  clusterId: z.string().max(100).optional(),
  environmentId: z.string().max(100).optional(),
  /** In the syntax of domain/cluster/filter.ts: `web-1 -state:started outdated:yes age:>10m zone:a`. */
  q: z.string().max(500).default(''),
  /** `age`: of the state; the longest first when ascending. */
  sort: z.enum(['id', 'state', 'age']).default('age'),
  order: z.enum(['asc', 'desc']).default('asc'),
  cursor: offsetSchema.nullish(),
  limit: z.number().int().min(1).max(200).default(100),
});

export interface InstanceRow extends InstanceView {
  readonly clusterId: string;
  readonly clusterName: string;
}

export interface InstanceTransitionView {
  readonly state: string;
  readonly health: string | null;
  readonly config: string;
  readonly at: number;
}

export interface InstanceHistoryView {
  readonly clusterId: string;
  readonly id: string;
  /** Null once the back end no longer lists it. */
  readonly instance: InstanceRow | null;
  /** Oldest first. */
  readonly transitions: readonly InstanceTransitionView[];
}

export const instanceByIdSchema = z.object({ clusterId: z.string(), instanceId: z.string() });

export const instanceCellsSchema = z.object({ clusterId: z.string().max(100), q: z.string().max(500).default('') });

/** An instance as a cell of the density grid: only what is drawn of it. */
export type InstanceCell = Pick<
  InstanceView,
  'id' | 'state' | 'health' | 'protection' | 'closed' | 'outdated' | 'zone' | 'version'
>;

/** All instances of a cluster that a filter lets through, by id. */
export interface InstanceCells {
  readonly cells: readonly InstanceCell[];
  /** As in `Page`. */
  readonly cursors: Readonly<Record<string, string>>;
}
