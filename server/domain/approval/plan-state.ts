/** A plan is a frozen preview. It starts at most one cycle. */
export type PlanState = 'awaiting-approval' | 'approved' | 'rejected' | 'withdrawn' | 'expired';

export type PlanAction = 'approve' | 'reject' | 'withdraw';

/** How long a plan may wait for its approval and its first intent. */
export const PLAN_LIFETIME_MS = 30 * 60_000;

/** An approval is refused when the facts it rests on are older than this. */
export const APPROVE_FACTS_LIMIT_MS = 60_000;

/** A preview asks for fresh facts when they are older than this. */
export const PREVIEW_FACTS_LIMIT_MS = 10_000;

export const PLAN_ACTIONS: Record<PlanState, Record<PlanAction, true | string>> = {
  'awaiting-approval': { approve: true, reject: true, withdraw: true },
  approved: { approve: 'already approved', reject: 'already approved', withdraw: 'already approved' },
  rejected: { approve: 'rejected', reject: 'already rejected', withdraw: 'rejected' },
  withdrawn: { approve: 'withdrawn', reject: 'withdrawn', withdraw: 'already withdrawn' },
  expired: { approve: 'expired; preview again', reject: 'expired', withdraw: 'expired' },
};
