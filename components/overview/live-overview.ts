import type { LiveEvent } from '../../server/contract/live.ts';
import type { OverviewView } from '../../server/contract/overview.ts';

/** What an event means to the overview: a read that found all as it was makes it younger, any other is a reason to ask again. */
export function applyToOverview(view: OverviewView, { kind, stream, seq, at }: LiveEvent): OverviewView | 'refetch' {
  if (kind !== 'synced') return 'refetch';
  return { ...view, at: Math.max(view.at, at), cursors: { ...view.cursors, [stream]: seq } };
}
