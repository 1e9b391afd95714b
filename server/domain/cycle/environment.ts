import type { Cluster } from '../cluster/cluster.ts';
import type { Json } from '../instance/plugin.ts';
import type { SettingChange } from './settings.ts';
import type { WaitState } from './task.ts';

/** What every call that changes something carries. */
export interface Call {
  /** Two calls with one token count once. Form: `cycle/step/ordinal`. */
  readonly token: string;
  /** Epoch milliseconds after which the caller no longer waits, and the call must have no further effect. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

export interface Capabilities {
  readonly undrain: boolean;
  /** Whether instances can be closed to new work. */
  readonly close: boolean;
  /** Whether the cluster's autoscaling can be suspended. */
  readonly suspend?: boolean;
  /** Whether the protection of instances can be lifted. */
  readonly unprotect?: boolean;
  /** `atomic`: the back end itself counts a token once. `by-tag`: what was started is found by its tag. */
  readonly token: 'atomic' | 'by-tag';
  /** Whether the back end can tell that an instance is drained. */
  readonly observesDrain: boolean;
  /** Where it cannot: how long after the order an instance is taken for drained, in milliseconds. */
  readonly drainWaitMs?: number;
}

/**
 * A back end, as cycles see it. Safe to use concurrently.
 *
 * Errors are `DomainError`s. A temporary one leaves open whether the call took effect, unless it is
 * ENVIRONMENT_THROTTLED, which means it did not. CLUSTER_UNKNOWN and INSTANCE_UNKNOWN are fatal, but draining
 * or terminating an instance that has gone is no error: its purpose is reached.
 * Source: segmentio/cycle `Environment`.
 */
export interface Environment {
  readonly name: string;
  readonly capabilities: Capabilities;
  lookupClusterId(name: string, signal: AbortSignal): Promise<string>;
  /** Instances in a stable order: creation time, then id. Instances that have gone are left out. */
  describeCluster(id: string, signal: AbortSignal): Promise<Cluster>;
  /** Orders `count` instances with the cluster's present configuration; each is tagged with the token. */
  startInstances(id: string, count: number, call: Call): Promise<void>;
  drainInstances(ids: readonly string[], call: Call): Promise<void>;
  terminateInstances(ids: readonly string[], call: Call): Promise<void>;
  /** Resolves when all have reached the state, or have gone. For one-shot use; the durable runner looks again instead. */
  waitInstances(state: WaitState, ids: readonly string[], signal: AbortSignal): Promise<void>;
  /** Puts draining instances back in service, where `capabilities.undrain`. */
  undrainInstances?(ids: readonly string[], call: Call): Promise<void>;
  /**
   * Sets all of these, or none, where `capabilities.close`, `suspend` or `unprotect`. Setting a value twice is harmless,
   * and so is setting one of an instance that has gone.
   */
  changeSettings?(clusterId: string, changes: readonly SettingChange[], call: Call): Promise<void>;
  /**
   * Calls back as soon as it listens, and then whenever an instance may be other than it was. Resolves after a minute at
   * most, so that nobody trusts a dead connection for longer, and when the signal aborts; rejects where nothing can be
   * heard. Where it is missing, only reading tells.
   */
  follow?(heard: () => void, signal: AbortSignal): Promise<void>;
  /**
   * The spec with what only the back end can say of it written in, as the digest that a tag of an image names now; the
   * same spec where that stands there already, or there is no such thing in it. Throws ENVIRONMENT_REFUSED, and says what
   * to do, where the back end knows of no such thing.
   */
  pinnedSpec?(spec: Json, signal: AbortSignal): Promise<Json>;
}
