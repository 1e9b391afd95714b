import type { PlaceQueue } from '../../contract/cycle.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

/**
 * A cycle holds one of its environment's places from when a worker takes it up until it has ended, or was paused before
 * it did anything, whatever became of that worker. Of a cycle that is called `other` in the statement.
 */
export const HOLDS_PLACE = `(other.state IN ('running', 'pausing', 'aborting')
  OR (other.state IN ('approved', 'paused') AND other.started_at IS NOT NULL)
  OR (other.state = 'approved' AND other.lease_owner IS NOT NULL))`;

/** Approved, nothing done, in nobody's hands, and in an environment with a limit: it begins when a place is free. */
export const WAITS_FOR_PLACE = `(cycle.state = 'approved' AND cycle.started_at IS NULL AND cycle.lease_owner IS NULL
  AND environment.max_active_cycles IS NOT NULL)`;

/** How each of these cycles stands that waits for a place; the others are not among the answers. */
export async function placeQueues(
  database: PrismaClient,
  cycleIds: readonly string[],
): Promise<ReadonlyMap<string, PlaceQueue>> {
  const rows = await database.$queryRaw<(PlaceQueue & { id: string })[]>`
    SELECT cycle.id, max_active_cycles AS places,
      (SELECT count(*)::int FROM cycle AS other
       WHERE other.environment_id = environment.id AND ${Prisma.raw(HOLDS_PLACE)}) AS taken,
      (SELECT count(*)::int FROM cycle AS earlier
       WHERE earlier.environment_id = environment.id AND earlier.state = 'approved' AND earlier.started_at IS NULL
         AND earlier.lease_owner IS NULL AND (earlier.created_at, earlier.id) < (cycle.created_at, cycle.id)) AS ahead
    FROM cycle JOIN environment ON environment.id = cycle.environment_id
    WHERE cycle.id = ANY(${[...cycleIds]}) AND ${Prisma.raw(WAITS_FOR_PLACE)}`;
  return new Map(rows.map(({ id, ...queue }) => [id, queue]));
}

export async function placesTaken(database: PrismaClient, environmentId: string): Promise<number> {
  const [row] = await database.$queryRaw<{ taken: number }[]>`
    SELECT count(*)::int AS taken FROM cycle AS other
    WHERE environment_id = ${environmentId} AND ${Prisma.raw(HOLDS_PLACE)}`;
  return row?.taken ?? 0;
}

/** How a cycle would stand that were approved now; null where it would begin at once. */
export async function nextPlace(database: PrismaClient, environmentId: string): Promise<PlaceQueue | null> {
  const [row] = await database.$queryRaw<PlaceQueue[]>`
    SELECT max_active_cycles AS places,
      (SELECT count(*)::int FROM cycle AS other
       WHERE other.environment_id = environment.id AND ${Prisma.raw(HOLDS_PLACE)}) AS taken,
      (SELECT count(*)::int FROM cycle
       WHERE cycle.environment_id = environment.id AND ${Prisma.raw(WAITS_FOR_PLACE)}) AS ahead
    FROM environment WHERE id = ${environmentId} AND max_active_cycles IS NOT NULL`;
  return row === undefined || row.taken + row.ahead < row.places ? null : row;
}
