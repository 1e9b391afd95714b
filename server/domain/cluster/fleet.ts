import type { Durations } from '../cycle/forecast.ts';
import type { CyclePolicy } from '../cycle/policy.ts';
import type { DeclaredCluster } from '../instance/cluster-catalog.ts';
import type { Json } from '../instance/plugin.ts';
import type { Cluster } from './cluster.ts';

export interface EnvironmentRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** The host whose workers drive it; null = any worker. */
  readonly hostId: string | null;
  readonly hostName: string | null;
  readonly settings: Json;
  readonly selfApproval: boolean;
  readonly approvalsNeeded: number;
  /** How many cycles may be active at once; null: any number. */
  readonly maxActiveCycles: number | null;
  /** Since when it is not read and no cycle goes on in it; null: it is enabled. */
  readonly disabledAt: number | null;
}

/** A cluster as it is declared, with what the console stores beside it. */
export interface ClusterRecord extends DeclaredCluster {
  readonly environmentId: string;
  readonly targetSize: number;
  readonly policy: CyclePolicy | null;
  readonly drainTimeoutMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** When its facts were last read; null = never. */
  readonly observedAt: number | null;
  /** Why its last read failed, or what of it; in words that follow a colon. Null: it did not fail. */
  readonly observeError: string | null;
}

/** One read of one cluster by an observer: the facts, with what else of it failed; or why there are none. */
export interface Observation {
  readonly clusterId: string;
  readonly readAt: number;
  readonly result: { readonly cluster: Cluster; readonly problem?: string } | { readonly error: string };
}

/** Declared clusters and observed facts. */
export interface Fleet {
  environments(): Promise<readonly EnvironmentRecord[]>;
  environment(id: string): Promise<EnvironmentRecord>;
  clustersOf(environmentId: string): Promise<readonly ClusterRecord[]>;
  /** Throws CLUSTER_UNKNOWN. */
  cluster(id: string): Promise<ClusterRecord>;
  /** The last observed facts, in the back end's order. */
  facts(clusterId: string): Promise<Cluster>;
  /** How long starts, drains and terminations took on this cluster, newest first. */
  durations(clusterId: string): Promise<Omit<Durations, 'seed'>>;
  /** Version number of each configuration of the cluster, and its spec. */
  configs(
    clusterId: string,
  ): Promise<ReadonlyMap<string, { readonly version: number; readonly spec: Json; readonly createdAt: number }>>;
}
