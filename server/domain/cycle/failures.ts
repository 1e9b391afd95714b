import type { Cluster, Instance } from '../cluster/cluster.ts';
import type { CycleFailure, CycleInstance } from './cycle-store.ts';
import { inService } from './in-service.ts';
import { isOwnToken } from './ours.ts';
import type { CyclePolicy } from './policy.ts';

/** An instance of ours that has not started after this long has failed to. */
export const START_TIMEOUT_MS = 10 * 60_000;

export type NewFailure = Omit<CycleFailure, 'at'>;

/** What went wrong with the instances that this cycle started, as far as one read tells. */
export function observedFailures(
  cycleId: string,
  cluster: Cluster,
  members: readonly CycleInstance[],
  now: number,
): NewFailure[] {
  const listed = new Set(cluster.instances.map((instance) => instance.id));
  const died = members
    .filter(
      (one) => one.role === 'started' && one.goneAt === null && !listed.has(one.instanceId) && !one.terminationOrdered,
    )
    .map(
      ({ instanceId }): NewFailure => ({
        instanceId,
        kind: 'died',
        evidence: 'no longer listed, and we did not end it',
      }),
    );
  // One that is ended, by the planner or because a person asked for another, has failed once and not again.
  const ending = new Set(
    members.filter((one) => one.terminationOrdered || one.forcedAt !== null).map((one) => one.instanceId),
  );
  const failing = cluster.instances
    .filter((instance) => isOwnToken(cycleId, instance.token) && !ending.has(instance.id))
    .flatMap((instance) => failureOf(instance, now));
  return [...died, ...failing];
}

function failureOf(instance: Instance, now: number): NewFailure[] {
  const { id: instanceId, state, health, createdAt } = instance;
  if (state === 'started' && health === 'unhealthy') {
    return [{ instanceId, kind: 'unhealthy', evidence: 'started, and its health check fails' }];
  }
  if (state === 'starting' && createdAt !== null && now - createdAt >= START_TIMEOUT_MS) {
    return [{ instanceId, kind: 'start-timeout', evidence: `not started after ${START_TIMEOUT_MS / 60_000} minutes` }];
  }
  return [];
}

/** Failures since a person last accepted them, in the terms of the threshold. */
export function failureCount(
  failures: readonly CycleFailure[],
  cluster: Cluster,
  cycle: { readonly id: string; readonly resumedAt: number | null },
  policy: CyclePolicy,
  now: number,
): { readonly total: number; readonly consecutive: number; readonly duringCanary: boolean } {
  const open = failures.filter((failure) => failure.at > (cycle.resumedAt ?? 0));
  const current = cluster.instances.filter((one) => one.config === cluster.config && inService(one, policy, now));
  const lastSuccess = Math.max(
    0,
    ...current.filter((one) => isOwnToken(cycle.id, one.token)).map((one) => one.healthySince ?? one.createdAt ?? 0),
  );
  const instances = (some: readonly CycleFailure[]) => new Set(some.map((failure) => failure.instanceId)).size;
  return {
    total: instances(open),
    consecutive: instances(open.filter((failure) => failure.at > lastSuccess)),
    duringCanary: current.length < (policy.canary ?? 0),
  };
}
