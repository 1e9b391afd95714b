import type { SimulatorSettings } from '../../../contract/simulator-settings.ts';
import type { Protection } from '../../../domain/cluster/cluster.ts';
import { type Json, TAGS } from '../../../domain/instance/plugin.ts';
import type { PrismaClient } from '../../postgres/generated/client.ts';
import { type DrawnMachine, drawMachine } from './chance.ts';
import { drawBetween, machineId } from './draw.ts';
import { toRow } from './machine-rows.ts';

/** Machines that are alike. */
export interface SeedGroup {
  readonly count: number;
  /** The fingerprint of `spec`. */
  readonly config: string;
  readonly spec: Json;
  /** Started long ago, started and never healthy, draining since a moment, or draining for an hour and never done. */
  readonly condition: 'healthy' | 'unhealthy' | 'draining' | 'stuck-drain';
  /** How long ago they were created. */
  readonly ageMs: readonly [number, number];
  /** Absent: as the settings draw it. */
  readonly protection?: Protection;
}

export interface SeedCluster {
  readonly database: Pick<PrismaClient, 'simInstance'>;
  readonly environmentId: string;
  readonly clusterId: string;
  readonly settings: SimulatorSettings;
  readonly groups: readonly SeedGroup[];
  readonly now: number;
}

/**
 * Puts machines with a past into the world of a simulated cluster, and answers their ids. Once for a cluster.
 * The world had them from the start: they leave no rows in the call log, and none of them will die by itself.
 */
export async function seedSimulatedCluster(cluster: SeedCluster): Promise<readonly string[]> {
  const rows = cluster.groups
    .flatMap((group) => Array.from({ length: group.count }, () => group))
    .map((group, index) => seededRow(cluster, group, index + 1));
  await cluster.database.simInstance.createMany({ data: rows });
  return rows.map(({ id }) => id);
}

function seededRow({ environmentId, clusterId, settings, now }: SeedCluster, group: SeedGroup, ordinal: number) {
  const logicalId = `seed/${clusterId}/${ordinal}`;
  const createdAt = now - drawBetween(group.ageMs, settings.seed, logicalId, 'age');
  const drawn = drawMachine(settings, logicalId, createdAt);
  const machine = {
    ...drawn,
    id: machineId(environmentId, logicalId),
    logicalId,
    clusterId,
    tags: { [TAGS.cluster]: clusterId, [TAGS.config]: group.config },
    createdAt,
    startFailure: group.condition === 'unhealthy' ? ('unhealthy' as const) : null,
    diesAt: null,
    protection: group.protection ?? drawn.protection,
    ...drainOf(group, drawn, now),
    closedAt: null,
    destroyOrderedAt: null,
    goneAt: null,
  };
  return toRow(environmentId, machine, group.spec);
}

const STUCK_FOR_MS = 3_600_000;

/** A drain that is stuck is stuck on some work. */
function drainOf({ condition }: SeedGroup, { drainStuck, workloads }: DrawnMachine, now: number) {
  if (condition !== 'stuck-drain')
    return { drainOrderedAt: condition === 'draining' ? now : null, drainStuck, workloads };
  const [first = { name: 'report-builder', afterMs: 0 }, ...others] = workloads;
  return { drainOrderedAt: now - STUCK_FOR_MS, drainStuck: true, workloads: [first, ...others] };
}
