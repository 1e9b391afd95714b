import { z } from 'zod';
import type { PlanBody } from '../domain/approval/plan.ts';
import type { PlanAction, PlanState } from '../domain/approval/plan-state.ts';
import type { Staleness } from '../domain/approval/staleness.ts';
import type { CycleState } from '../domain/cycle/cycle-state.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';
import type { TaskConfig } from '../domain/cycle/task.ts';
import type { PlaceQueue } from './cycle.ts';
import { knobsSchema } from './policy.ts';

export const previewSchema = z.object({ clusterId: z.string(), knobs: knobsSchema.default({}) });

export interface PreviewView extends PlanBody {
  readonly fingerprint: string;
  /** What the cluster stores, so that changed knobs can be marked and reset. */
  readonly stored: {
    readonly config: TaskConfig;
    readonly policy: CyclePolicy;
    readonly policySource: 'cluster' | 'default';
  };
  /** Why facts may be older than the limit; null where they are fresh. */
  readonly factsNote: string | null;
  readonly computedInMs: number;
  readonly activeCycle: { readonly id: string; readonly state: CycleState } | null;
  readonly approvals: { readonly needed: number; readonly selfApproval: boolean };
  /** Sequence of the stream `cluster:<id>` that this view is as of. */
  readonly seq: string;
}

export const createPlanSchema = z.object({
  clusterId: z.string(),
  knobs: knobsSchema.default({}),
  /** What the author saw; refused if the planner now says something else. */
  fingerprint: z.string(),
  ticked: z.array(z.string()).max(100).default([]),
  comment: z.string().max(2_000).default(''),
});

export const planDecisionSchema = z.object({
  planId: z.string(),
  /** What the approver saw. */
  fingerprint: z.string(),
  comment: z.string().max(2_000).default(''),
});

export interface ApprovalView {
  readonly userId: string;
  readonly userName: string;
  readonly at: number;
  readonly comment: string;
}

export interface PlanView {
  readonly id: string;
  readonly clusterId: string;
  readonly state: PlanState;
  readonly author: { readonly id: string; readonly name: string };
  readonly comment: string;
  readonly fingerprint: string;
  readonly body: PlanBody;
  readonly ticked: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly decidedAt: number | null;
  readonly decidedByName: string | null;
  readonly decisionNote: string | null;
  readonly approvals: readonly ApprovalView[];
  readonly approvalsNeeded: number;
  readonly selfApproval: boolean;
  /** What its cycle would wait for if it were approved now; null where it would begin at once. */
  readonly nextPlace: PlaceQueue | null;
  readonly staleness: Staleness;
  /** When it was compared with the present. */
  readonly checkedAt: number;
  readonly factsAgeMs: number | null;
  readonly cycle: { readonly id: string; readonly state: CycleState } | null;
  /** `true`, or why the viewer may not. */
  readonly actions: Readonly<Record<PlanAction, true | string>>;
  /** Sequence of the stream `plan:<id>` that this view is as of. */
  readonly seq: string;
  /** Sequence of the stream `cluster:<clusterId>` that `staleness` is as of. */
  readonly clusterSeq: string;
}

export interface PlanRow {
  readonly id: string;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly environmentName: string;
  readonly state: PlanState;
  readonly sentence: string;
  readonly authorName: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export const planListSchema = z.object({
  clusterId: z.string().optional(),
  state: z.enum(['awaiting-approval', 'approved', 'rejected', 'withdrawn', 'expired']).optional(),
  cursor: z.string().max(500).nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
