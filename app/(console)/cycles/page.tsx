import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { CyclesLead } from '@/components/cycle/cycles-lead';
import { CyclesPage } from '@/components/cycle/cycles-page';
import { cycleSearch, cycleSections, endedPages } from '@/components/cycle/cycles-query';
import { HydrateClient, prefetch, prefetchInfinite, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Skeleton } from '@/components/ui/skeleton';

const loadCycleSearch = createLoader(cycleSearch);

export const metadata: Metadata = { title: 'Cycles' };

export default async function Cycles({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { active, ended } = cycleSections(await loadCycleSearch(searchParams));
  const everything = cycleSections({ state: null, q: '', env: '' });
  for (const input of [everything.active, active]) if (input !== null) prefetch(trpc.cycle.list.queryOptions(input));
  if (ended !== null) prefetchInfinite(trpc.cycle.list.infiniteQueryOptions(ended, endedPages));
  return (
    <HydrateClient>
      <PageHead
        title="Cycles"
        lead={
          <InPlace fallback={<Skeleton className="mt-1.5 mb-1 w-80" />}>
            <CyclesLead />
          </InPlace>
        }
      />
      <CyclesPage />
    </HydrateClient>
  );
}
