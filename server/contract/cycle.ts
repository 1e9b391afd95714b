import { z } from 'zod';
import type { PlanBody } from '../domain/approval/plan.ts';
import type { Workload } from '../domain/cluster/cluster.ts';
import type { CapacityPoint } from '../domain/cycle/capacity.ts';
import type { AbortMode, CycleAction, CycleState, CycleSummary, PauseReason } from '../domain/cycle/cycle-state.ts';
import type { IntentOutcome } from '../domain/cycle/cycle-store.ts';
import type { SettingName } from '../domain/cycle/settings.ts';

export const cycleListSchema = z.object({
  clusterId: z.string().optional(),
  environmentId: z.string().optional(),
  /** The name of an environment; empty: all. */
  environment: z.string().max(100).default(''),
  /** `active`, `ended`, or one state. */
  state: z.string().max(40).optional(),
  q: z.string().max(200).default(''),
  /** As a page gave it: the id of its last row, and when that ended. */
  cursor: z
    .string()
    .max(500)
    .regex(/^\S+( \d{1,13})?$/)
    .nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});

/** What the last turn found, in words and numbers. */
export interface CycleProgress {
  /** Of the instances that the plan replaces or scales in, and each counted once: gone. */
  readonly replaced: number;
  readonly planned: number;
  /** Draining, drained or terminating. */
  readonly leaving: number;
  readonly skipped: number;
  readonly failed: number;
  /** "Draining 1 and waiting for 2 to start." */
  readonly sentence: string;
  /** "Next: drain 2 when 2 more are in service." */
  readonly next: string;
  readonly at: number;
}

/** An approved cycle whose environment allows no more active ones now. */
export interface PlaceQueue {
  /** How many the environment allows at once, and how many of them are active. */
  readonly places: number;
  readonly taken: number;
  /** How many that were approved before wait too. */
  readonly ahead: number;
}

export interface CycleRow {
  readonly id: string;
  readonly planId: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly environmentName: string;
  readonly state: CycleState;
  readonly reason: PauseReason | null;
  /** null where it does not wait for a place. */
  readonly waitsForPlace: PlaceQueue | null;
  readonly progress: CycleProgress | null;
  readonly authorName: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

export interface IntentView {
  readonly id: string;
  readonly step: number;
  readonly ordinal: number;
  readonly kind: 'start' | 'drain' | 'terminate' | 'undrain';
  readonly instanceId: string | null;
  readonly count: number;
  readonly token: string;
  readonly because: string;
  readonly outcome: IntentOutcome;
  readonly settledBy: 'answer' | 'reading' | 'person' | null;
  readonly error: { readonly message: string; readonly temporary: boolean } | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
  readonly fence: string;
}

export interface CycleInstanceView {
  readonly instanceId: string;
  readonly role: 'planned' | 'started';
  readonly decision: 'replace' | 'scale-in' | 'finish' | null;
  /** The last seen state; `gone` when no longer listed. */
  readonly state: string;
  readonly stateSince: number | null;
  readonly health: string | null;
  readonly version: number | null;
  readonly skipped: { readonly byName: string; readonly at: number } | null;
  readonly forced: { readonly byName: string; readonly at: number } | null;
  /** When the drain times out; null where it does not drain or has no timeout. */
  readonly drainDeadline: number | null;
  /** What it still carries while it drains. */
  readonly blockers: readonly Workload[];
  readonly failures: readonly { readonly kind: string; readonly evidence: string; readonly at: number }[];
}

export interface BackEndCallView {
  readonly id: string;
  readonly operation: string;
  readonly token: string | null;
  readonly detail: string;
  readonly at: number;
  readonly durationMs: number;
  readonly result: string;
}

export interface CycleView extends CycleRow {
  readonly body: PlanBody;
  readonly abortMode: AbortMode | null;
  readonly summary: CycleSummary | null;
  readonly approvedBy: readonly string[];
  readonly workerId: string | null;
  readonly retryAt: number | null;
  /** In the order of time, at most 5,001: of a longer cycle the first, and of each stretch the lowest in service and the last. */
  readonly samples: readonly CapacityPoint[];
  readonly intents: readonly IntentView[];
  readonly instances: readonly CycleInstanceView[];
  readonly calls: readonly BackEndCallView[];
  readonly actions: Readonly<Record<CycleAction, true | string>>;
  readonly canUndrain: boolean;
  /** Settings of the back end that it has changed, in the order of their names; none where the back end has none. */
  readonly settings: readonly SettingView[];
  readonly observedAt: number | null;
  /** Sequence of the stream `cycle:<id>` that this view is as of. */
  readonly seq: string;
  /** Sequence of the stream `cluster:<clusterId>` that the observed instances are as of. */
  readonly clusterSeq: string;
  /** The same of the stream of its environment, which says when the facts were last read. */
  readonly environmentSeq: string;
}

/** One setting of the back end that the cycle changes for its time. */
export interface SettingView {
  readonly name: SettingName;
  /** The value that the cycle gives it. */
  readonly during: string;
  /** Written down, and not seen in effect yet. */
  readonly pending: number;
  /** In effect, and to be put back when the cycle ends. */
  readonly changed: number;
  readonly restored: number;
  /** With their instances. */
  readonly gone: number;
  /** No longer as the cycle set it, though nothing has been put back: somebody else has changed it. */
  readonly drifted: readonly SettingDrift[];
  /** Left as somebody else has set it. */
  readonly overtaken: readonly SettingDrift[];
}

export interface SettingDrift {
  /** Null for the cluster itself. */
  readonly instanceId: string | null;
  readonly before: string;
  /** As last seen; null where it is not known any more. */
  readonly now: string | null;
}

/** An order of a person was written down; it is in effect when the cycle shows it. */
export interface OrderReceipt {
  readonly requestId: string;
}

export const cycleActionSchema = z.object({ cycleId: z.string() });
export const abortCycleSchema = z.object({ cycleId: z.string(), mode: z.enum(['finish-in-flight', 'stop-now']) });
export const cycleInstanceActionSchema = z.object({ cycleId: z.string(), instanceId: z.string() });
export const extendDrainSchema = z.object({
  cycleId: z.string(),
  instanceId: z.string(),
  byMs: z
    .number()
    .int()
    .min(1_000)
    .max(24 * 3_600_000),
});
