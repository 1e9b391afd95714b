import type { Cluster, Health, InstanceState, Protection, Workload } from '../cluster/cluster.ts';
import type { Call } from '../cycle/environment.ts';
import type { SettingChange } from '../cycle/settings.ts';

/** JSON, as plugins exchange it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What to provision. Source: docker/infrakit `instance.Spec`. */
export interface Spec {
  readonly properties: Json;
  readonly tags: Readonly<Record<string, string>>;
  /** Runs once before the command of the properties. */
  readonly init: string;
  /** Two provisions with one logical id count once. */
  readonly logicalId: string | null;
  readonly attachments: readonly { readonly id: string; readonly type: string }[];
}

/** Source: docker/infrakit `instance.Description`. */
export interface Description {
  readonly id: string;
  readonly logicalId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly properties: Json;
}

export type DestroyContext = 'rolling_update' | 'terminate';

/**
 * A source of machines. Source: docker/infrakit `instance.Plugin` (interface spec Instance/0.6.1).
 * Destroying an instance that has gone is no error.
 */
export interface InstancePlugin {
  /** Throws ENVIRONMENT_REFUSED or INVALID_INPUT where the properties could not be provisioned. */
  validate(properties: Json, signal: AbortSignal): Promise<void>;
  provision(spec: Spec, call: Call): Promise<string>;
  label(id: string, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>;
  destroy(id: string, context: DestroyContext, call: Call): Promise<void>;
  /** Instances that carry all of the labels. */
  describeInstances(
    labels: Readonly<Record<string, string>>,
    properties: boolean,
    signal: AbortSignal,
  ): Promise<readonly Description[]>;
}

export interface MachineFacts {
  readonly state: InstanceState;
  readonly createdAt: number | null;
  readonly health: Health;
  readonly healthySince: number | null;
  readonly drainingSince: number | null;
  readonly workloads: readonly Workload[];
  readonly zone?: string;
  readonly protection?: Protection;
  readonly closed?: boolean;
}

/** What a plugin may tell beyond InfraKit's interface. Ids that are unknown are left out of the map. */
export interface MachineStatus {
  status(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, MachineFacts>>;
  /** Orders the instance to take no new work and to end when its work is done. Ordering it twice is harmless. */
  drain(id: string, call: Call): Promise<void>;
  undrain?(id: string, call: Call): Promise<void>;
  /** What the cluster itself is set to. */
  clusterSettings?(clusterId: string, signal: AbortSignal): Promise<Pick<Cluster, 'autoscaling'>>;
  /** Sets all of these, or none. */
  changeSettings?(clusterId: string, changes: readonly SettingChange[], call: Call): Promise<void>;
  /** As `Environment.follow`, for the machines of all clusters. */
  follow?(heard: () => void, signal: AbortSignal): Promise<void>;
  /** As `Environment.pinnedSpec`. */
  pinnedSpec?(spec: Json, signal: AbortSignal): Promise<Json>;
}

/** The tags that Roundhouse writes on what it provisions. */
export const TAGS = {
  cluster: 'roundhouse.cluster',
  token: 'roundhouse.token',
  config: 'infrakit.config_sha',
} as const;
