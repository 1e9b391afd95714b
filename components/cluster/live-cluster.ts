import type { ClusterRow, ClusterView, FleetSummary, Page } from '@/server/contract/cluster.ts';
import type { LiveEvent } from '@/server/contract/live.ts';

/** Facts that were read longer ago are said to be old. */
export const STALE_AFTER_MS = 10_000;

/** The pages of the clusters list, as they were read. */
export interface ClusterPages {
  readonly pages: Page<ClusterRow>[];
  readonly pageParams: unknown[];
}

/** A read that found nothing new moves only the time of the read, of all clusters of the environment. */
export function applyToPages(list: ClusterPages, event: LiveEvent): ClusterPages | 'refetch' {
  const { observedAt } = event.body;
  if (event.kind !== 'synced' || observedAt === undefined) return 'refetch';
  const isOf = (row: ClusterRow) => event.stream === `environment:${row.environment.id}`;
  // A cluster that could not be read may have come back: the event does not say which.
  if (list.pages.some(({ rows }) => rows.some((row) => isOf(row) && row.observeError !== null))) return 'refetch';
  const pages = list.pages.map((page) => ({
    ...page,
    rows: page.rows.map((row) => (isOf(row) ? { ...row, observedAt: Math.max(row.observedAt ?? 0, observedAt) } : row)),
    cursors: { ...page.cursors, [event.stream]: event.seq },
  }));
  return { ...list, pages };
}

export function applyToSummary(summary: FleetSummary, event: LiveEvent): FleetSummary | 'refetch' {
  if (event.kind !== 'synced') return 'refetch';
  return { ...summary, cursors: { ...summary.cursors, [event.stream]: event.seq } };
}

/** Of its environment's stream a cluster takes only the time of the read; the rest comes by its own. */
export function applyEnvironmentEvent(cluster: ClusterView, event: LiveEvent): ClusterView | 'refetch' {
  if (cluster.observeError !== null) return 'refetch';
  return {
    ...cluster,
    observedAt: Math.max(cluster.observedAt ?? 0, event.body.observedAt ?? 0) || null,
    environmentSeq: event.seq,
  };
}
