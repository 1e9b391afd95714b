import type { InstanceDecision } from '../cycle/explain.ts';
import type { CyclePolicy } from '../cycle/policy.ts';
import type { TaskConfig } from '../cycle/task.ts';
import { canonical } from '../instance/canonical.ts';
import type { PlanBody } from './plan.ts';
import { type Staleness, staleness } from './staleness.ts';

/** One value of two plans of the same cluster. */
export interface Compared<Value> {
  readonly before: Value;
  readonly after: Value;
  readonly differs: boolean;
}

export type SettingKey = keyof TaskConfig | keyof CyclePolicy;

/** The numbers of a plan that a person decides by. Times are milliseconds. */
export type FigureKey =
  | 'replaced'
  | 'scaledIn'
  | 'starts'
  | 'waves'
  | 'lowest'
  | 'floor'
  | 'peak'
  | 'p50'
  | 'p90'
  | 'blockers'
  | 'warnings';

/** An instance that is decided about otherwise; null where the plan does not know it. */
export interface DecisionChange {
  readonly instanceId: string;
  readonly before: InstanceDecision | null;
  readonly after: InstanceDecision | null;
}

/** A check whose sentence is another; null where it passed. */
export interface CheckChange {
  readonly id: string;
  readonly level: 'blocker' | 'warning';
  readonly before: string | null;
  readonly after: string | null;
}

export interface PlanComparison {
  /** What changed from the first to the second, and which of it matters: an approval of one is none of the other. */
  readonly changes: Staleness;
  /** Fingerprints of the configurations that are replaced, and of the one that replaces them. */
  readonly configuration: Compared<{ readonly from: readonly string[]; readonly to: string }>;
  readonly settings: Readonly<Record<SettingKey, boolean>>;
  readonly figures: Readonly<Record<FigureKey, Compared<number>>>;
  readonly outcome: Compared<PlanBody['forecast']['outcome']>;
  /** In the order of the first plan's cluster, then those that only the second knows. */
  readonly decisions: readonly DecisionChange[];
  readonly checks: readonly CheckChange[];
}

/** Says what is different between two plans, or between a plan and a preview, of one cluster. */
export function comparePlans(before: PlanBody, after: PlanBody): PlanComparison {
  const of = <Value>(value: (plan: PlanBody) => Value) => compared(value(before), value(after));
  return {
    changes: staleness(
      { basis: before.basis, instances: before.cluster.instances },
      { basis: after.basis, cluster: after.cluster },
    ),
    configuration: of(({ basis: { from, to } }) => ({ from, to })),
    settings: differingSettings(before, after),
    figures: figures(before, after),
    outcome: of((plan) => plan.forecast.outcome),
    decisions: decisionChanges(before, after),
    checks: checkChanges(before, after),
  };
}

function compared<Value>(before: Value, after: Value): Compared<Value> {
  return { before, after, differs: canonical(before) !== canonical(after) };
}

function differingSettings(before: PlanBody, after: PlanBody): Record<SettingKey, boolean> {
  const differs = (value: (plan: PlanBody) => unknown) => compared(value(before), value(after)).differs;
  return {
    targetSize: differs(({ config }) => config.targetSize),
    minSize: differs(({ config }) => config.minSize),
    maxSize: differs(({ config }) => config.maxSize),
    drainTimeoutMs: differs(({ config }) => config.drainTimeoutMs),
    surge: differs(({ policy }) => policy.surge ?? null),
    maxUnavailable: differs(({ policy }) => policy.maxUnavailable ?? null),
    batch: differs(({ policy }) => policy.batch ?? null),
    canary: differs(({ policy }) => policy.canary ?? null),
    bakeMs: differs(({ policy }) => policy.bakeMs ?? null),
    order: differs(({ policy }) => policy.order ?? null),
    protect: differs(({ policy }) => policy.protect ?? null),
    onDrainTimeout: differs(({ policy }) => policy.onDrainTimeout ?? null),
    minHealthyMs: differs(({ policy }) => policy.minHealthyMs ?? null),
  };
}

function figures(before: PlanBody, after: PlanBody): Record<FigureKey, Compared<number>> {
  const of = (value: (plan: PlanBody) => number) => compared(value(before), value(after));
  const touched = (decision: 'replace' | 'scale-in') => (plan: PlanBody) =>
    plan.basis.touched.filter((one) => one.decision === decision).length;
  const checks = (level: CheckChange['level']) => (plan: PlanBody) =>
    plan.checks.filter((check) => check.level === level).length;
  return {
    replaced: of(touched('replace')),
    scaledIn: of(touched('scale-in')),
    starts: of(({ forecast }) => forecast.starts),
    waves: of(({ forecast }) => forecast.waves.length),
    lowest: of(({ forecast }) => forecast.lowest.inService),
    floor: of(({ floor }) => floor),
    peak: of(({ forecast }) => forecast.peakSize),
    p50: of(({ forecast }) => forecast.durationMs.p50),
    p90: of(({ forecast }) => forecast.durationMs.p90),
    blockers: of(checks('blocker')),
    warnings: of(checks('warning')),
  };
}

function decisionChanges(before: PlanBody, after: PlanBody): DecisionChange[] {
  const then = new Map(before.explanation.decisions.map((decision) => [decision.instanceId, decision]));
  const now = new Map(after.explanation.decisions.map((decision) => [decision.instanceId, decision]));
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((instanceId) => {
    const change = { instanceId, before: then.get(instanceId) ?? null, after: now.get(instanceId) ?? null };
    return change.before?.kind === change.after?.kind ? [] : [change];
  });
}

function checkChanges(before: PlanBody, after: PlanBody): CheckChange[] {
  const then = new Map(before.checks.map((check) => [check.id, check]));
  const now = new Map(after.checks.map((check) => [check.id, check]));
  return [...then, ...now]
    .filter(([id], index) => index < then.size || !then.has(id))
    .flatMap(([id, { level }]): CheckChange[] => {
      const change = { before: then.get(id)?.sentence ?? null, after: now.get(id)?.sentence ?? null };
      return change.before === change.after ? [] : [{ id, level: now.get(id)?.level ?? level, ...change }];
    });
}
