import type { Cluster, Instance } from '../cluster/cluster.ts';
import type { TaskConfig } from '../cycle/task.ts';
import { canonical } from '../instance/canonical.ts';
import type { PlanBasis } from './fingerprint.ts';

/** One difference between the frozen plan and the present, in words. */
export interface PlanChange {
  /** Material changes void the plan; harmless ones are only listed. */
  readonly material: boolean;
  readonly sentence: string;
}

export interface Staleness {
  readonly verdict: 'fresh' | 'harmless' | 'material';
  readonly changes: readonly PlanChange[];
}

/** Compares what was approved with what the planner says now. Material exactly where the fingerprints differ. */
export function staleness(
  frozen: { readonly basis: PlanBasis; readonly instances: readonly Instance[] },
  present: { readonly basis: PlanBasis; readonly cluster: Cluster },
): Staleness {
  const material = [
    ...sizeChanges(frozen.basis.config, present.basis.config),
    ...basisChanges(frozen.basis, present.basis),
    ...touchedChanges(frozen.basis, present.basis),
  ].map((sentence): PlanChange => ({ material: true, sentence }));
  const touched = new Set([...frozen.basis.touched, ...present.basis.touched].map((one) => one.id));
  const harmless = factChanges(frozen.instances, present.cluster.instances, touched).map(
    (sentence): PlanChange => ({ material: false, sentence }),
  );
  const verdict = material.length > 0 ? 'material' : harmless.length > 0 ? 'harmless' : 'fresh';
  return { verdict, changes: [...material, ...harmless] };
}

function sizeChanges(before: TaskConfig, after: TaskConfig): string[] {
  const names = {
    targetSize: 'target',
    minSize: 'min',
    maxSize: 'max',
    drainTimeoutMs: 'drain timeout in ms',
  } as const;
  return (Object.keys(names) as (keyof TaskConfig)[])
    .filter((key) => before[key] !== after[key])
    .map((key) => `${names[key]} is ${after[key]}, was ${before[key]}`);
}

function basisChanges(before: PlanBasis, after: PlanBasis): string[] {
  const changes: string[] = [];
  if (before.plannerVersion !== after.plannerVersion) changes.push('Roundhouse was upgraded and plans differently now');
  if (before.to !== after.to) changes.push(`the target configuration is ${short(after.to)}, was ${short(before.to)}`);
  if (canonical(before.policy) !== canonical(after.policy)) changes.push('the policy was changed');
  return changes;
}

function touchedChanges(before: PlanBasis, after: PlanBasis): string[] {
  const then = new Map(before.touched.map((one) => [one.id, one]));
  const now = new Map(after.touched.map((one) => [one.id, one]));
  const gone = before.touched.filter((one) => !now.has(one.id)).map((one) => `${one.id} would no longer be touched`);
  const added = after.touched
    .filter((one) => !then.has(one.id))
    .map((one) => `${one.id} would now be ${one.decision === 'replace' ? 'replaced' : 'scaled in'}`);
  const changed = after.touched.flatMap((one) => {
    const old = then.get(one.id);
    if (old === undefined) return [];
    if (old.createdAt !== one.createdAt) return [`${one.id} is another machine of the same name`];
    if (old.config !== one.config) return [`${one.id} runs another configuration than before`];
    return old.decision === one.decision ? [] : [`${one.id}: ${one.decision}, was ${old.decision}`];
  });
  return [...gone, ...added, ...changed];
}

function factChanges(before: readonly Instance[], after: readonly Instance[], touched: ReadonlySet<string>): string[] {
  const then = new Map(before.map((instance) => [instance.id, instance]));
  const now = new Map(after.map((instance) => [instance.id, instance]));
  const vanished = before.filter((one) => !now.has(one.id) && !touched.has(one.id)).map((one) => `${one.id} is gone`);
  const appeared = after.filter((one) => !then.has(one.id) && !touched.has(one.id)).map((one) => `${one.id} is new`);
  const changed = after.flatMap((one) => {
    const old = then.get(one.id);
    if (old === undefined) return [];
    if (old.state !== one.state) return [`${one.id} is ${one.state}, was ${old.state}`];
    if (old.health !== one.health)
      return [`${one.id} is ${one.health ?? 'of unknown health'}, was ${old.health ?? 'unknown'}`];
    return [];
  });
  return [...vanished, ...appeared, ...changed];
}

function short(config: string): string {
  return config.slice(0, 7);
}
