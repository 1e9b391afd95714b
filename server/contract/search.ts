import { z } from 'zod';
import type { CycleState } from '../domain/cycle/cycle-state.ts';

export const searchSchema = z.object({ q: z.string().trim().min(1).max(100) });

/** What is found by some words, of each kind the best first, and never more than a few. */
export interface SearchResults {
  readonly clusters: readonly FoundCluster[];
  readonly cycles: readonly FoundCycle[];
  readonly plans: readonly FoundPlan[];
  readonly pools: readonly FoundPool[];
  readonly sessions: readonly FoundSession[];
  readonly instances: readonly FoundInstance[];
}

export interface FoundCluster {
  readonly id: string;
  readonly environmentName: string;
  readonly name: string;
  readonly instances: number;
  readonly activeCycle: { readonly id: string; readonly state: CycleState } | null;
}

export interface FoundCycle {
  readonly id: string;
  readonly environmentName: string;
  readonly clusterName: string;
  readonly state: CycleState;
}

export interface FoundPlan {
  readonly id: string;
  readonly environmentName: string;
  readonly clusterName: string;
  /** `PlanState` of domain/approval/plan-state.ts */
  readonly state: string;
}

export interface FoundPool {
  readonly name: string;
  readonly paused: boolean;
}

export interface FoundSession {
  readonly id: string;
  readonly name: string;
  readonly ownerName: string;
  /** `SessionState`, or its outcome once it is over. */
  readonly state: string;
}

export interface FoundInstance {
  readonly id: string;
  readonly environmentName: string;
  readonly clusterName: string;
  readonly state: string;
}
