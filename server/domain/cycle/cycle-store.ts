import type { PlanBody } from '../approval/plan.ts';
import type { CapacityPoint } from './capacity.ts';
import type { AbortMode, CycleState, CycleSummary, PauseReason } from './cycle-state.ts';
import type { RestoreEntry, RestoreOutcome, Setting, SettingChange } from './settings.ts';

/** Who may write a cycle: its worker, by the fencing token of its lease. Every later owner has a higher one. */
export interface Fence {
  readonly cycleId: string;
  readonly owner: string;
  readonly token: bigint;
}

export interface CycleRecord {
  readonly id: string;
  readonly planId: string;
  readonly clusterId: string;
  readonly environmentId: string;
  readonly state: CycleState;
  readonly reason: PauseReason | null;
  readonly abortMode: AbortMode | null;
  readonly step: number;
  readonly retries: number;
  readonly retryAt: number | null;
  /** Failures before this moment were accepted by a person. */
  readonly resumedAt: number | null;
  /** When the first intent was written; null = nothing has been done yet. */
  readonly startedAt: number | null;
  /** The database's clock at the moment of loading. */
  readonly loadedAt: number;
  readonly plan: { readonly body: PlanBody; readonly fingerprint: string; readonly expiresAt: number };
}

/** A setting that is about to be changed or put back. */
export interface SettingOrder extends SettingChange {
  /** The value before the cycle; counts where the setting is not in the ledger yet. */
  readonly before: string;
  readonly during: string;
}

export type IntentKind = 'start' | 'drain' | 'terminate' | 'undrain';
/** `partly-done`: fewer were started than ordered, and no more will be. */
export type IntentOutcome = 'pending' | 'done' | 'partly-done' | 'not-done' | 'failed' | 'unknown';

/** One call to a back end, written before it leaves. */
export interface Intent {
  readonly id: string;
  readonly kind: IntentKind;
  /** Null for a start. */
  readonly instanceId: string | null;
  /** How many to start; 0 for the others. */
  readonly count: number;
  readonly token: string;
  readonly deadline: number;
  readonly outcome: IntentOutcome;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

/** The intents of one step, and how long their calls may take from now. */
export interface Intended {
  readonly intents: readonly Intent[];
  readonly remainingMs: number;
}

export type SettingsIntended = Pick<Intended, 'remainingMs'> & { readonly deadline: number };

export type NewIntent = Pick<Intent, 'kind' | 'instanceId' | 'count'> & { readonly because: string };

export interface Settlement {
  readonly outcome: Exclude<IntentOutcome, 'pending'>;
  readonly settledBy: 'answer' | 'reading';
  readonly error: { readonly message: string; readonly temporary: boolean } | null;
}

/** What a cycle may touch, and what a person said about it. */
export interface CycleInstance {
  readonly instanceId: string;
  readonly role: 'planned' | 'started';
  readonly decision: 'replace' | 'scale-in' | 'finish' | null;
  readonly skipped: boolean;
  readonly forcedAt: number | null;
  readonly drainExtensionMs: number;
  readonly goneAt: number | null;
  /** Whether this cycle has ever ordered its termination. */
  readonly terminationOrdered: boolean;
}

export type FailureKind = 'start-timeout' | 'unhealthy' | 'died';

export interface CycleFailure {
  readonly instanceId: string;
  readonly kind: FailureKind;
  readonly evidence: string;
  readonly at: number;
}

/** What the last turn found; the page shows it, the runner never reads it. */
export interface TurnReport {
  /** Of those that the plan replaces or scales in, and each counted once: gone. */
  readonly replaced: number;
  readonly planned: number;
  /** Draining, drained or terminating. */
  readonly leaving: number;
  readonly skipped: number;
  readonly failed: number;
  readonly sentence: string;
  readonly next: string;
}

export interface Transition {
  readonly from: CycleState;
  readonly to: CycleState;
  readonly reason: PauseReason | null;
  readonly summary: CycleSummary | null;
}

/**
 * What the runner remembers. Every write carries the fence. When another owner has taken over nothing is written: `intend`
 * answers null, `transition` false, and the others throw LEASE_LOST. Times are the database's, epoch milliseconds.
 */
export interface CycleStore {
  load(fence: Fence): Promise<CycleRecord>;
  /** Intents whose outcome is not known, and those settled at or after `since`. */
  recentIntents(cycleId: string, since: number): Promise<readonly Intent[]>;
  instances(cycleId: string): Promise<readonly CycleInstance[]>;
  failures(cycleId: string): Promise<readonly CycleFailure[]>;
  /** Remembers instances that carry a token of this cycle, and which known ones are gone. */
  recordInstances(fence: Fence, started: readonly string[], gone: readonly string[]): Promise<void>;
  recordFailures(fence: Fence, failures: readonly Omit<CycleFailure, 'at'>[]): Promise<void>;
  skipInstance(fence: Fence, instanceId: string): Promise<void>;
  /**
   * Writes the intents of one step, before any call. Returns null, and writes nothing, where the cycle is no longer
   * in the state that the turn was planned for. `deadline` is cut to what the lease allows.
   */
  intend(fence: Fence, state: CycleState, intents: readonly NewIntent[]): Promise<Intended | null>;
  settle(fence: Fence, intent: Intent, settlement: Settlement): Promise<void>;
  /** What this cycle has in the ledger and has not put back yet. */
  restores(cycleId: string): Promise<readonly RestoreEntry[]>;
  /**
   * Writes settings into the ledger before any call, and until when that call may take effect. Null, and nothing is
   * written, where the cycle is no longer in this state, or has ended and the next cycle of its cluster has begun.
   */
  intendSettings(fence: Fence, state: CycleState, orders: readonly SettingOrder[]): Promise<SettingsIntended | null>;
  /** `answered`: the last call is over. `changed`: seen with the cycle's value. An outcome settles the entry. */
  noteSettings(
    fence: Fence,
    settings: readonly Setting[],
    note: 'answered' | 'changed' | RestoreOutcome,
  ): Promise<void>;
  /** Changes the state, unless a person has changed it meanwhile: then false. */
  transition(fence: Fence, transition: Transition): Promise<boolean>;
  report(fence: Fence, report: TurnReport, point: CapacityPoint): Promise<void>;
  /** Temporary failure: try again then, the n-th time in a row. `retries` 0 clears it. */
  backOff(fence: Fence, retries: number, retryAt: number | null): Promise<void>;
}
