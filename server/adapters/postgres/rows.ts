import type { Health, Instance, InstanceState, Protection, Workload } from '../../domain/cluster/cluster.ts';
import type { ClusterRecord, EnvironmentRecord } from '../../domain/cluster/fleet.ts';
import type { CyclePolicy } from '../../domain/cycle/policy.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import type { Cluster, Environment, Instance as InstanceRow } from './generated/client.ts';

/** Rows of the database as nouns of the domain. Only this file believes what a JSON column holds. */

export function milliseconds(date: Date): number;
export function milliseconds(date: Date | null): number | null;
export function milliseconds(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}

export function environmentRecord(row: Environment): EnvironmentRecord {
  const { id, name, kind, hostId, hostName, selfApproval, approvalsNeeded, maxActiveCycles } = row;
  const settings = row.settings as Json;
  const disabledAt = milliseconds(row.disabledAt);
  return { id, name, kind, hostId, hostName, selfApproval, approvalsNeeded, maxActiveCycles, disabledAt, settings };
}

export function clusterRecord(row: Cluster): ClusterRecord {
  const { id, name, environmentId, config, minSize, targetSize, maxSize, drainTimeoutMs, observeError } = row;
  return {
    id,
    name,
    environmentId,
    config,
    minSize,
    targetSize,
    maxSize,
    drainTimeoutMs,
    observeError,
    spec: row.spec as Json,
    labels: row.labels as Record<string, string>,
    policy: row.policy as CyclePolicy | null,
    observedAt: milliseconds(row.observedAt),
  };
}

export function instanceFacts(row: InstanceRow): Instance {
  return {
    id: row.id,
    state: row.state as InstanceState,
    config: row.config,
    createdAt: milliseconds(row.createdAt),
    updatedAt: milliseconds(row.updatedAt),
    ...(row.health === null ? {} : { health: row.health as Health, healthySince: milliseconds(row.healthySince) }),
    ...(row.zone === null ? {} : { zone: row.zone }),
    ...(row.protection === null ? {} : { protection: row.protection as Protection }),
    closed: row.closed,
    workloads: row.workloads as unknown as Workload[],
    labels: row.labels as Record<string, string>,
    ...(row.token === null ? {} : { token: row.token }),
  };
}
