import type { SimulatorSettings } from '../../../contract/simulator-settings.ts';
import type { Protection } from '../../../domain/cluster/cluster.ts';
import { type Json, TAGS } from '../../../domain/instance/plugin.ts';
import type { PrismaClient } from '../../postgres/generated/client.ts';
import { drawMachine } from './chance.ts';
import { drawBetween, machineId } from './draw.ts';
import { toRow } from './machine-rows.ts';

/** Machines that are alike. */
export interface SeedGroup {
  readonly count: number;
  /** The fingerprint of `spec`. */
  readonly config: string;
  readonly spec: Json;
  /** Started long ago, started and never healthy, or draining since a moment. */
  readonly condition: 'healthy' | 'unhealthy' | 'draining';
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
    drainOrderedAt: group.condition === 'draining' ? now : null,
    destroyOrderedAt: null,
    goneAt: null,
  };
  return toRow(environmentId, machine, group.spec);
}
