import { z } from 'zod';
import type { InstanceView } from './cluster.ts';

export const instanceListSchema = z.object({
  clusterId: z.string().optional(),
  environmentId: z.string().optional(),
  /** Parts of an id or zone, and `state:draining`, `health:unhealthy`. */
  q: z.string().max(500).default(''),
  sort: z.enum(['id', 'state', 'age']).default('age'),
  direction: z.enum(['asc', 'desc']).default('asc'),
  cursor: z.string().max(500).nullish(),
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
