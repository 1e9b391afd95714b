import { z } from 'zod';
import type { PreviewCheck } from '../domain/approval/plan.ts';
import type { DecisionKind } from '../domain/cycle/explain.ts';
import type { DomainErrorCode, DomainErrorDetails } from '../domain/errors.ts';

/** As many as are previewed and planned together at most. */
const MOST_CLUSTERS = 100;

export const previewManySchema = z.object({
  clusterIds: z.array(z.string().max(100)).max(MOST_CLUSTERS).default([]),
  /** Where no ids are given: the clusters of this filter, by name, as many as are allowed. */
  q: z.string().max(500).default(''),
});

export const createManySchema = z.object({
  plans: z
    .array(
      z.object({
        clusterId: z.string().max(100),
        /** What the author saw of this cluster. */
        fingerprint: z.string(),
        ticked: z.array(z.string()).max(100).default([]),
      }),
    )
    .min(1)
    .max(MOST_CLUSTERS),
  comment: z.string().max(2_000).default(''),
});

/** The dry run of one cluster among many, with what is stored of it. */
export interface FleetPreviewRow {
  readonly clusterId: string;
  readonly clusterName: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly fingerprint: string;
  readonly sentence: string;
  /** Those that concern no instance are absent. */
  readonly decisions: Readonly<Partial<Record<DecisionKind, number>>>;
  readonly instances: number;
  /** How many instances are drained and terminated. */
  readonly terminations: number;
  readonly waves: number;
  readonly durationMs: { readonly p50: number; readonly p90: number };
  readonly lowest: number;
  readonly floor: number;
  /** With a blocker it cannot be planned. */
  readonly checks: readonly Pick<PreviewCheck, 'id' | 'level' | 'sentence' | 'source'>[];
  readonly observedAt: number | null;
}

/** An environment of the clusters that can be cycled. */
export interface FleetPreviewEnvironment {
  readonly id: string;
  readonly name: string;
  /** How many cycles it allows at once, null: any number; and how many are active now. */
  readonly places: number | null;
  readonly taken: number;
  readonly approvalsNeeded: number;
  readonly selfApproval: boolean;
  readonly clusters: number;
  /** All of its clusters, in the order of the rows, as many at once as it allows; p90 if each takes its p90. */
  readonly durationMs: { readonly p50: number; readonly p90: number };
}

export interface FleetPreviewView {
  /** In the order that was asked for. */
  readonly rows: readonly FleetPreviewRow[];
  readonly environments: readonly FleetPreviewEnvironment[];
  /** How many clusters the filter matches; more than there are rows where they are too many. */
  readonly matching: number;
  /** Ids of clusters that are not there, or no longer. */
  readonly missing: readonly string[];
  readonly computedInMs: number;
}

/** What became of one plan; the others are as they are, whatever became of it. */
export type PlanCreated =
  | { readonly clusterId: string; readonly planId: string }
  | { readonly clusterId: string; readonly planId: null; readonly failure: PlanFailure };

/** `null` where it was no failure of the domain. */
export type PlanFailure = {
  readonly code: DomainErrorCode;
  readonly details: DomainErrorDetails[DomainErrorCode];
} | null;
