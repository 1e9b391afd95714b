import type { Json } from './plugin.ts';

/** A cluster as an administrator declared it; plugins know only machines. */
export interface DeclaredCluster {
  readonly id: string;
  readonly name: string;
  /** Fingerprint of `spec`: instances with another one are outdated. */
  readonly config: string;
  readonly spec: Json;
  readonly minSize: number;
  readonly maxSize: number;
}

/** Where an environment made from a plugin reads what its clusters are meant to be. */
export interface ClusterCatalog {
  /** Throws CLUSTER_UNKNOWN. */
  byId(id: string): Promise<DeclaredCluster>;
  /** Throws CLUSTER_UNKNOWN. */
  byName(name: string): Promise<DeclaredCluster>;
}
