import { z } from 'zod';
import type { Json } from '../../../domain/instance/plugin.ts';
import type { Prisma, SimInstance } from '../../postgres/generated/client.ts';
import type { Machine } from './model.ts';

/** A machine with what its owner wrote on it. */
export interface StoredMachine extends Machine {
  readonly logicalId: string | null;
  readonly clusterId: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

const jsonColumns = z.object({
  protection: z.enum(['protected', 'standby']).nullable(),
  startFailure: z.enum(['stuck', 'unhealthy']).nullable(),
  tags: z.record(z.string(), z.string()),
  workloads: z.array(z.object({ name: z.string(), afterMs: z.number() })),
});

export function toMachine(row: Omit<SimInstance, 'properties'>): StoredMachine {
  const { id, logicalId, clusterId, zone, startMs, drainMs, drainStuck, terminateMs } = row;
  return {
    ...jsonColumns.parse(row),
    id,
    logicalId,
    clusterId,
    zone,
    startMs,
    drainMs,
    drainStuck,
    terminateMs,
    createdAt: row.createdAt.getTime(),
    diesAt: row.diesAt?.getTime() ?? null,
    closedAt: row.closedAt?.getTime() ?? null,
    drainOrderedAt: row.drainOrderedAt?.getTime() ?? null,
    destroyOrderedAt: row.destroyOrderedAt?.getTime() ?? null,
    goneAt: row.goneAt?.getTime() ?? null,
  };
}

export function toRow(
  environmentId: string,
  machine: StoredMachine,
  properties: Json,
): Prisma.SimInstanceCreateManyInput {
  const date = (at: number | null) => (at === null ? null : new Date(at));
  return {
    ...machine,
    environmentId,
    tags: { ...machine.tags },
    // The column holds JSON, and this is JSON; only Prisma's type has no read-only arrays and no plain null.
    properties: properties as Prisma.InputJsonValue,
    workloads: machine.workloads.map((workload) => ({ ...workload })),
    createdAt: new Date(machine.createdAt),
    diesAt: date(machine.diesAt),
    closedAt: date(machine.closedAt),
    drainOrderedAt: date(machine.drainOrderedAt),
    destroyOrderedAt: date(machine.destroyOrderedAt),
    goneAt: date(machine.goneAt),
  };
}

/** What `toRow` was given. */
export function toProperties(column: Prisma.JsonValue): Json {
  return column as Json;
}
