import type { Cluster } from '../cluster/cluster.ts';
import type { CapacityPoint } from '../cycle/capacity.ts';
import type { Explanation } from '../cycle/explain.ts';
import type { Forecast } from '../cycle/forecast.ts';
import type { CyclePolicy } from '../cycle/policy.ts';
import type { TaskConfig } from '../cycle/task.ts';
import type { SpecChange } from '../instance/spec-difference.ts';
import type { PlanBasis } from './fingerprint.ts';
import type { PlanState } from './plan-state.ts';

/** What a preview is asked to suppose instead of what the cluster stores. Absent: as stored. */
export interface Knobs {
  readonly targetSize?: number;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly drainTimeoutMs?: number;
  readonly policy?: CyclePolicy;
}

/** A check before a cycle. A blocker must be solved; a warning must be ticked by the author. */
export interface PreviewCheck {
  readonly id: string;
  readonly level: 'blocker' | 'warning';
  readonly sentence: string;
  /** Where the fact comes from. */
  readonly source: string;
  /** The smallest changes that would solve it: each becomes a button that sets these knobs. */
  readonly fixes: readonly { readonly label: string; readonly knobs: Knobs }[];
}

/** What a preview computed. A plan is one of these, frozen. Times are epoch milliseconds. */
export interface PlanBody {
  readonly cluster: Cluster;
  readonly environment: { readonly id: string; readonly name: string; readonly kind: string };
  readonly knobs: Knobs;
  readonly config: TaskConfig;
  readonly policy: CyclePolicy;
  readonly basis: PlanBasis;
  readonly sentence: string;
  readonly checks: readonly PreviewCheck[];
  /** How many checks were made in all, those that passed included. */
  readonly checksMade: number;
  readonly explanation: Explanation;
  readonly forecast: Forecast;
  readonly now: CapacityPoint;
  /** The least number in service that a drain of this plan may leave. */
  readonly floor: number;
  /** Version numbers of the configurations that appear here. */
  readonly versions: Readonly<Record<string, number>>;
  readonly changes: readonly SpecChange[];
  /** What the cycle sets at the back end for its time, in words. Absent from plans that were frozen before this was told. */
  readonly settings?: readonly string[];
  /** When the facts were read from the back end. */
  readonly observedAt: number | null;
  readonly computedAt: number;
}

export interface PlanRecord {
  readonly id: string;
  readonly clusterId: string;
  readonly environmentId: string;
  readonly state: PlanState;
  readonly authorId: string;
  readonly comment: string;
  readonly fingerprint: string;
  readonly body: PlanBody;
  readonly ticked: readonly string[];
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly decidedAt: number | null;
  readonly decidedBy: string | null;
  readonly decisionNote: string | null;
  readonly approvals: readonly ApprovalRecord[];
  readonly cycleId: string | null;
}

export interface ApprovalRecord {
  readonly userId: string;
  readonly fingerprint: string;
  readonly comment: string;
  readonly at: number;
}
