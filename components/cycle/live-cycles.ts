import type { Page } from '../../server/contract/cluster.ts';
import type { CycleRow } from '../../server/contract/cycle.ts';
import type { LiveEvent } from '../../server/contract/live.ts';

/** What an event means to a list of active cycles: read it again where it is about one of them, or about which there are. */
export function applyToActive(page: Page<CycleRow>, event: LiveEvent): Page<CycleRow> | 'refetch' {
  const clusterIds = event.body.clusterIds ?? [];
  const concerns = event.stream === 'cycles' || page.rows.some((row) => clusterIds.includes(row.clusterId));
  return concerns ? 'refetch' : { ...page, cursors: { ...page.cursors, [event.stream]: event.seq } };
}
