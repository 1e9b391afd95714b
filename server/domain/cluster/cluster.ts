/**
 * What the planner knows of a cluster. All times are epoch milliseconds; `null` means not known.
 * Source: segmentio/cycle `Cluster` and `Instance`, with optional facts that policies use.
 */
export type InstanceState = 'starting' | 'started' | 'draining' | 'drained' | 'terminating';

export type Health = 'healthy' | 'unhealthy' | 'unknown';

/** Why a back end would rather keep an instance: scale-in protection, or out of rotation on standby. */
export type Protection = 'protected' | 'standby';

/** Why a cycle leaves an instance alone. An excluded instance counts as current for every rule and is never touched. */
export type Exclusion = 'not-ours' | 'skipped';

/** One piece of work that an instance carries, for example a request in progress or a task of a scheduler. */
export interface Workload {
  readonly name: string;
  readonly since: number | null;
  /** What holds the machine for it, where that is one of our reservations. */
  readonly holder?: { readonly reservationId: string; readonly sessionId: string | null };
}

export interface Instance {
  readonly id: string;
  readonly state: InstanceState;
  /** The fingerprint of the configuration it was started with. */
  readonly config: string;
  readonly createdAt: number | null;
  /** When the state last changed; for a draining or drained instance, when draining was first observed. */
  readonly updatedAt: number | null;
  readonly health?: Health;
  readonly healthySince?: number | null;
  readonly zone?: string;
  readonly protection?: Protection;
  /** Whether it gets no new work; absent where the back end cannot tell. */
  readonly closed?: boolean;
  readonly workloads?: readonly Workload[];
  /** What the machine itself is labelled with. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The token of the call that started it, where one of ours did. */
  readonly token?: string;
  readonly excluded?: Exclusion;
}

export interface Cluster {
  readonly id: string;
  readonly name: string;
  /** The fingerprint of the configuration that new instances get. */
  readonly config: string;
  readonly minSize: number;
  readonly maxSize: number;
  /** Whether the back end itself starts and ends instances; absent where it never does. */
  readonly autoscaling?: 'active' | 'suspended';
  readonly instances: readonly Instance[];
}
