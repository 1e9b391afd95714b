import type { Actor } from '../activity/activity.ts';
import type { PlanRecord } from './plan.ts';

export interface NewPlan
  extends Pick<
    PlanRecord,
    'id' | 'clusterId' | 'environmentId' | 'authorId' | 'comment' | 'fingerprint' | 'body' | 'ticked' | 'expiresAt'
  > {}

export interface PlanDecision {
  readonly planId: string;
  /** Who decides, from the session. */
  readonly actor: Actor & { readonly id: string };
  readonly comment: string;
  readonly requestId: string;
}

export interface PlanStore {
  create(plan: NewPlan, actor: Actor, requestId: string): Promise<void>;
  /** Throws NOT_FOUND. */
  byId(planId: string): Promise<PlanRecord>;
  /**
   * Gives one approval to this fingerprint. With the last one needed the plan is approved and its cycle is inserted, in
   * the same transaction; the answer is then the cycle's id. Throws PLAN_STATE where the plan no longer waits,
   * ALREADY_APPROVED for a second approval by one person, CYCLE_ACTIVE where the cluster has an active cycle.
   */
  approve(
    decision: PlanDecision & { readonly fingerprint: string; readonly needed: number; readonly cycleId: string },
  ): Promise<string | null>;
  /** Throws PLAN_STATE where the plan no longer waits. */
  close(decision: PlanDecision & { readonly state: 'rejected' | 'withdrawn' }): Promise<void>;
  /** Plans whose time is over and that still wait become expired. */
  expire(): Promise<void>;
}
