import type { CyclePolicy } from '../cycle/policy.ts';
import type { Json } from '../instance/plugin.ts';

/** What an administrator sets of an environment. */
export interface EnvironmentSetting {
  readonly settings: Json;
  readonly selfApproval: boolean;
  readonly approvalsNeeded: number;
  /** How many cycles may be active at once; null: any number. */
  readonly maxActiveCycles: number | null;
}

export interface EnvironmentDeclaration extends EnvironmentSetting {
  readonly name: string;
  readonly kind: string;
}

/** What an administrator sets of a cluster. */
export interface ClusterSetting {
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Json;
  readonly minSize: number;
  readonly targetSize: number;
  readonly maxSize: number;
  /** null: the product's default policy. */
  readonly policy: CyclePolicy | null;
  readonly drainTimeoutMs: number;
}

/** What one calls a cluster: its name is unique in its environment. */
export interface ClusterName {
  readonly environment: string;
  readonly name: string;
}

export interface ClusterDeclaration extends ClusterName, ClusterSetting {}

/** All that a file declares. */
export interface Installation {
  readonly environments: readonly EnvironmentDeclaration[];
  readonly clusters: readonly ClusterDeclaration[];
  /** Clusters that there shall be no longer. */
  readonly absent: readonly ClusterName[];
}

/** All that is stored, in the order of the names. */
export interface StoredInstallation {
  readonly environments: readonly (EnvironmentDeclaration & { readonly id: string })[];
  readonly clusters: readonly (ClusterDeclaration & {
    readonly id: string;
    readonly environmentId: string;
    /** It has a cycle that is active. */
    readonly isCycling: boolean;
    readonly instances: number;
  })[];
}

export function fullName({ environment, name }: ClusterName): string {
  return `${environment}/${name}`;
}
