import { CycleBadge } from '@/components/cycle/cycle-badge';
import { PageLink } from '@/components/ui/page-link';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ClusterRow } from '@/server/contract/cluster.ts';

/** The cycle that is active, else the one that ended last. */
export function ClusterCycle({ activeCycle, lastCycle }: Pick<ClusterRow, 'activeCycle' | 'lastCycle'>) {
  const cycle = activeCycle ?? lastCycle;
  if (cycle === null) return <span className="text-ink-3">–</span>;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <PageLink href={`/cycles/${cycle.id}`} className="inline-flex min-h-6 items-center hover:underline">
        <CycleBadge state={cycle.state} />
      </PageLink>
      {activeCycle === null && lastCycle?.endedAt != null && (
        <RelativeTime at={lastCycle.endedAt} className="text-ink-3" />
      )}
    </span>
  );
}
