import type { Instance } from '../domain/cluster/cluster.ts';
import { capacity } from '../domain/cycle/capacity.ts';
import type { ClusterView, InstanceView } from './cluster.ts';
import type { InstancesPatch } from './instances-patch.ts';
import type { LiveEvent } from './live.ts';

/** The cluster after an event of its own stream; `refetch` where the event does not carry what the view needs. */
export function applyClusterEvent(cluster: ClusterView, event: LiveEvent): ClusterView | 'refetch' {
  const { patch, observedAt } = event.body;
  if (patch === undefined || observedAt === undefined) return 'refetch';
  // The first facts, and those after a failure, change what else is said of the cluster.
  if (cluster.observedAt === null || cluster.observeError !== null) return 'refetch';
  // Of a large cluster the view has no instances.
  if (cluster.instances.length < cluster.size) return 'refetch';
  const instances = patchedInstances(cluster, patch);
  if (instances === null) return 'refetch';
  const outdatedConfigs = outdatedConfigsOf(cluster, instances);
  if (outdatedConfigs === null) return 'refetch';
  const outdated = instances.filter((instance) => instance.outdated).length;
  const { id, name, config, minSize, maxSize } = cluster;
  const { at, inService, ...counts } = capacity(
    { id, name, config, minSize, maxSize, instances: instances.map(factsOf) },
    cluster.effectivePolicy,
    event.at,
  );
  return {
    ...cluster,
    instances,
    outdatedConfigs,
    counts,
    inService,
    outdated,
    size: instances.length,
    driftSince: outdated === 0 || cluster.present.version === 0 ? null : cluster.present.createdAt,
    observedAt,
    seq: event.seq,
  };
}

/** In the order of the view: the oldest first. Null where a change is of an instance that the view does not have. */
function patchedInstances(cluster: ClusterView, patch: InstancesPatch): readonly InstanceView[] | null {
  const instances = new Map(cluster.instances.map((one) => [one.id, one]));
  for (const id of patch.gone) instances.delete(id);
  for (const one of patch.added) instances.set(one.id, { ...one, outdated: one.config !== cluster.config });
  for (const change of patch.changed) {
    const before = instances.get(change.id);
    if (before === undefined) return null;
    const after = { ...before, ...change };
    instances.set(change.id, { ...after, outdated: after.config !== cluster.config });
  }
  const patched = [...instances.values()];
  const isOrdered = patch.added.length === 0 && patch.changed.every((change) => change.createdAt === undefined);
  return isOrdered ? patched : patched.sort(byAge);
}

function byAge(one: InstanceView, other: InstanceView): number {
  const later = (one.createdAt ?? Number.NEGATIVE_INFINITY) - (other.createdAt ?? Number.NEGATIVE_INFINITY);
  // Two of unknown age differ by no number.
  return later || (one.id < other.id ? -1 : 1);
}

/** Null where an instance runs a configuration whose spec the view does not have. */
function outdatedConfigsOf(
  cluster: ClusterView,
  instances: readonly InstanceView[],
): ClusterView['outdatedConfigs'] | null {
  const counts = new Map<string, number>();
  for (const { outdated, config, version } of instances) {
    // The console never declared one without a version, so it has no spec to show of it.
    if (outdated && version !== null) counts.set(config, (counts.get(config) ?? 0) + 1);
  }
  const known = new Map(cluster.outdatedConfigs.map((one) => [one.config.config, one]));
  const configs = [];
  for (const [config, count] of counts) {
    const before = known.get(config);
    if (before === undefined) return null;
    configs.push({ ...before, instances: count });
  }
  return configs;
}

function factsOf({ health, zone, protection, token, ...facts }: InstanceView): Instance {
  return { ...facts, ...(health === null ? {} : { health }) };
}
