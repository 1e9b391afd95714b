import type { CapacityPoint } from '../../domain/cycle/capacity.ts';
import type { PrismaClient } from './generated/client.ts';

type SampleRow = Omit<CapacityPoint, 'at'> & { readonly cycle_id: string; readonly at: Date };

/**
 * The capacity of cycles, by cycle and in the order of time, thinned out evenly: of each of so many stretches the lowest
 * in service and the last, and the first of all. So the whole of a cycle is told, however long it is, what was lowest is
 * in it, and what is newest too. Of a cycle with no more samples than stretches all are told.
 */
export async function capacitySamples(
  db: PrismaClient,
  cycleIds: readonly string[],
  stretches: number,
): Promise<ReadonlyMap<string, readonly CapacityPoint[]>> {
  const rows = await db.$queryRaw<SampleRow[]>`
    WITH placed AS (
      SELECT *, ntile(${stretches}::int) OVER by_time AS stretch, row_number() OVER by_time AS place
      FROM cycle_sample WHERE cycle_id = ANY(${[...cycleIds]})
      WINDOW by_time AS (PARTITION BY cycle_id ORDER BY at)
    ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY cycle_id, stretch ORDER BY in_service, at) AS from_lowest,
        row_number() OVER (PARTITION BY cycle_id, stretch ORDER BY at DESC) AS from_last
      FROM placed
    )
    SELECT cycle_id, at, started_new AS "startedNew", started_old AS "startedOld", starting, draining, drained,
      terminating, unhealthy, in_service AS "inService"
    FROM ranked WHERE place = 1 OR from_lowest = 1 OR from_last = 1 ORDER BY cycle_id, at`;
  const found = new Map<string, CapacityPoint[]>();
  for (const { cycle_id, at, ...counts } of rows) {
    const before = found.get(cycle_id) ?? [];
    before.push({ ...counts, at: at.getTime() });
    found.set(cycle_id, before);
  }
  return found;
}
