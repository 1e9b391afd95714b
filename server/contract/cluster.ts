import { z } from 'zod';
import type { Health, InstanceState, Protection, Workload } from '../domain/cluster/cluster.ts';
import type { CycleState } from '../domain/cycle/cycle-state.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';
import type { Json } from '../domain/instance/plugin.ts';
import type { SpecChange } from '../domain/instance/spec-difference.ts';
import { policySchema } from './policy.ts';
import { poolNameSchema } from './pool.ts';

/** Times in views are epoch milliseconds; `null` means not known. */
export interface EnvironmentView {
  readonly id: string;
  readonly name: string;
  readonly kind: EnvironmentKind;
  readonly hostName: string | null;
  /** Whether a worker that may drive this environment has been seen in the last 30 s. */
  readonly reachable: boolean;
  readonly selfApproval: boolean;
  readonly approvalsNeeded: number;
  /** How many cycles may be active at once; null: any number. */
  readonly maxActiveCycles: number | null;
  /** Since when it is not read and no cycle goes on in it; null: it is enabled. */
  readonly disabledAt: number | null;
  readonly observedAt: number | null;
  readonly syncError: string | null;
  readonly clusters: number;
}

export const environmentKinds = ['local', 'simulator', 'infrakit', 'docker'] as const;
export type EnvironmentKind = (typeof environmentKinds)[number];

export interface StateCounts {
  readonly startedNew: number;
  readonly startedOld: number;
  readonly unhealthy: number;
  readonly starting: number;
  readonly draining: number;
  readonly drained: number;
  readonly terminating: number;
}

/** One row of the clusters list. */
export interface ClusterRow {
  readonly id: string;
  readonly name: string;
  readonly environment: { readonly id: string; readonly name: string; readonly kind: EnvironmentKind };
  readonly labels: Readonly<Record<string, string>>;
  readonly minSize: number;
  readonly targetSize: number;
  readonly maxSize: number;
  readonly size: number;
  readonly outdated: number;
  readonly counts: StateCounts;
  /** Since when the cluster has had an outdated instance: when its present configuration was declared. */
  readonly driftSince: number | null;
  readonly activeCycle: { readonly id: string; readonly state: CycleState } | null;
  readonly lastCycle: { readonly id: string; readonly state: CycleState; readonly endedAt: number | null } | null;
  readonly observedAt: number | null;
  readonly observeError: string | null;
}

export interface InstanceView {
  readonly id: string;
  readonly state: InstanceState;
  readonly stateSince: number;
  readonly config: string;
  /** The version number of its configuration in this cluster, where the console knows it. */
  readonly version: number | null;
  readonly outdated: boolean;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly health: Health | null;
  readonly healthySince: number | null;
  readonly zone: string | null;
  readonly protection: Protection | null;
  /** Closed to new work. */
  readonly closed: boolean;
  readonly workloads: readonly Workload[];
  readonly token: string | null;
  readonly seenAt: number;
}

export interface ConfigView {
  readonly config: string;
  readonly version: number;
  readonly spec: Json;
  readonly createdAt: number;
  readonly authorName: string | null;
}

export interface ClusterView extends ClusterRow {
  readonly spec: Json;
  readonly config: string;
  readonly version: number;
  /** What is stored; null = the product's default policy applies. */
  readonly storedPolicy: CyclePolicy | null;
  /** What a preview starts from. */
  readonly effectivePolicy: CyclePolicy;
  readonly drainTimeoutMs: number;
  /** Whether the back end itself starts and ends instances; null where it never does. */
  readonly autoscaling: 'active' | 'suspended' | null;
  readonly inService: number;
  readonly floor: number;
  /** The oldest first; none where there are more than `MAX_WHOLE`: those are read by pages, with `instance.list`. */
  readonly instances: readonly InstanceView[];
  /** For each configuration that an instance still runs and that is not the present one: what changed since. */
  readonly outdatedConfigs: readonly {
    readonly config: ConfigView;
    readonly instances: number;
    readonly changes: readonly SpecChange[];
  }[];
  readonly present: ConfigView;
  /** Its environment is: nothing is read of it, and it can be removed with what is known of its instances. */
  readonly isDisabled: boolean;
  /** Why a cycle cannot be previewed or started now, for the viewer; null where it can. */
  readonly blockedBecause: string | null;
  /** Sequence of the stream `cluster:<id>` that this view is as of. */
  readonly seq: string;
  /** The same of the stream of its environment, which says when the facts were last read. */
  readonly environmentSeq: string;
}

/** Up to so many instances a view of a cluster carries them all. */
export const MAX_WHOLE = 500;

/** All clusters in numbers, whatever a list of them is filtered by. */
export interface FleetSummary {
  readonly clusters: number;
  readonly instances: number;
  readonly outdatedClusters: number;
  readonly outdatedInstances: number;
  /** Since when the cluster that has drifted longest has had an outdated instance. */
  readonly oldestDriftSince: number | null;
  readonly cycling: number;
  readonly cursors: Readonly<Record<string, string>>;
}

/** A cluster as an address names it. */
export const clusterNamesSchema = z.object({ environment: z.string().max(100), cluster: z.string().max(100) });

export const clusterSortKeys = ['name', 'outdated', 'size', 'drift'] as const;

/** A cursor of lists that are sorted by what changes: how many rows came before. */
export const offsetSchema = z.string().regex(/^\d{1,9}$/, 'not a cursor of this list');

export const clusterListSchema = z.object({
  environmentId: z.string().max(100).optional(),
  /** In the syntax of domain/cluster/filter.ts: `web -state:draining outdated:>0 drift:>2d label.team:payments`. */
  q: z.string().max(500).default(''),
  sort: z.enum(clusterSortKeys).default('name'),
  order: z.enum(['asc', 'desc']).default('asc'),
  cursor: offsetSchema.nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ClusterListInput = z.input<typeof clusterListSchema>;

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly nextCursor: string | null;
  /** The cursors of the streams that this page is as of. */
  readonly cursors: Readonly<Record<string, string>>;
}

const labelSchema = z.record(z.string().min(1).max(63), z.string().max(253)).superRefine(({ pool }, context) => {
  // An empty label is no label.
  const issue = pool ? poolNameSchema.safeParse(pool).error?.issues[0] : undefined;
  if (issue) context.addIssue({ code: 'custom', path: ['pool'], message: issue.message });
});
const size = z.number().int().min(0).max(10_000);
export const clusterNameSchema = z
  .string()
  .trim()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and hyphens, at most 63');

export const clusterSizesSchema = z
  .object({ minSize: size, targetSize: size, maxSize: size })
  .superRefine((value, context) => {
    if (value.maxSize < 1) context.addIssue({ code: 'custom', path: ['maxSize'], message: 'at least 1' });
    if (value.minSize > value.maxSize)
      context.addIssue({ code: 'custom', path: ['minSize'], message: 'not above max' });
    if (value.targetSize < value.minSize)
      context.addIssue({ code: 'custom', path: ['targetSize'], message: 'not below min' });
    if (value.targetSize > value.maxSize)
      context.addIssue({ code: 'custom', path: ['targetSize'], message: 'not above max' });
  });

/** Any JSON but a member `__proto__`, which would be left out in silence. */
export const jsonSchema: z.ZodType<Json> = z
  .unknown()
  .refine((value) => !namesPrototype(value), 'must have no member __proto__')
  .pipe(z.json());

function namesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(namesPrototype);
}

export const declareClusterSchema = z
  .object({
    environmentId: z.string().min(1),
    name: clusterNameSchema,
    labels: labelSchema.default({}),
    spec: jsonSchema,
    minSize: size,
    targetSize: size,
    maxSize: size,
    policy: policySchema.nullable().default(null),
    drainTimeoutMs: z
      .number()
      .int()
      .min(0)
      .max(7 * 24 * 3_600_000)
      .default(900_000),
  })
  .superRefine((value, context) => {
    const sizes = clusterSizesSchema.safeParse(value);
    for (const issue of sizes.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
  });

export const editClusterSchema = z.object({
  clusterId: z.string(),
  labels: labelSchema.optional(),
  spec: jsonSchema.optional(),
  minSize: size.optional(),
  targetSize: size.optional(),
  maxSize: size.optional(),
  policy: policySchema.nullable().optional(),
  drainTimeoutMs: z
    .number()
    .int()
    .min(0)
    .max(7 * 24 * 3_600_000)
    .optional(),
});
