'use client';

import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useDeferredValue } from 'react';
import { FilterInput } from '@/components/cluster/filter-input';
import { LiveStreams } from '@/components/cluster/live-streams';
import { ActiveTable, EndedTable } from '@/components/cycle/cycle-tables';
import {
  type CycleFilter,
  type CycleSearch,
  type CycleSections,
  cycleFilters,
  cycleSearch,
  cycleSections,
  endedPages,
} from '@/components/cycle/cycles-query';
import { applyToActive } from '@/components/cycle/live-cycles';
import { WaitingPlans } from '@/components/cycle/waiting-plans';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { Button, ButtonLink } from '@/components/ui/button';
import { FilterChips } from '@/components/ui/chip';
import { EmptyState } from '@/components/ui/empty-state';
import { InPlace } from '@/components/ui/in-place';
import { Panel } from '@/components/ui/panel';
import { ProgressLine } from '@/components/ui/progress-line';
import { SkeletonRows } from '@/components/ui/skeleton';

/** Plans that wait for a person on top, then the cycles that are active, then those that have ended. */
export function CyclesPage() {
  const [search, setSearch] = useQueryStates(cycleSearch);
  // What is there stays until what was asked for has come.
  const shown = useDeferredValue(search);
  const sections = cycleSections(shown);
  const clear = () => void setSearch(null);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <div className="flex flex-wrap items-center gap-2">
          <FilterInput
            label="Filter cycles by cluster"
            placeholder="Name of a cluster"
            value={search.q}
            onChange={(q) => void setSearch({ q: q || null })}
          />
          <FilterChips
            label="State"
            allLabel="all"
            options={cycleFilters.map((value) => ({ value, label: value }))}
            value={search.state}
            onChange={(value) => void setSearch({ state: cycleFilters.find((one) => one === value) ?? null })}
          />
        </div>
        <ProgressLine active={shown !== search} />
      </div>
      {sections.waiting && (
        <InPlace fallback={<SectionSkeleton title="Waiting for an approval" rows={1} />}>
          <WaitingPlans q={shown.q} env={shown.env} alone={shown.state === 'waiting'} onClear={clear} />
        </InPlace>
      )}
      {sections.active !== null && (
        <InPlace fallback={<SectionSkeleton title="Active" rows={2} />}>
          <ActiveCycles input={sections.active} search={shown} onClear={clear} />
        </InPlace>
      )}
      {sections.ended !== null && (
        <InPlace fallback={<SectionSkeleton title="Ended" rows={6} />}>
          <EndedCycles input={sections.ended} search={shown} onClear={clear} />
        </InPlace>
      )}
    </div>
  );
}

function SectionSkeleton({ title, rows }: { title: string; rows: number }) {
  return (
    <Panel title={title} flush>
      <SkeletonRows rows={rows} tall />
    </Panel>
  );
}

interface SectionProps {
  input: NonNullable<CycleSections['active']>;
  search: CycleSearch;
  onClear: () => void;
}

function ActiveCycles({ input, search, onClear }: SectionProps) {
  const query = useTRPC().cycle.list.queryOptions(input);
  const { data: page } = useSuspenseQuery(query);
  const { rows, total, cursors } = page;
  return (
    <Panel title={input.state === 'paused' ? 'Paused' : 'Active'} note={total} flush>
      <LiveStreams cursors={cursors} queryKey={query.queryKey} reducer={applyToActive} />
      {rows.length > 0 ? (
        <ActiveTable rows={rows} />
      ) : isNarrowed(search) ? (
        <NothingMatches search={search} onClear={onClear} />
      ) : (
        <EmptyState title="No cycle is active" actions={<ButtonLink href="/clusters">Go to clusters</ButtonLink>}>
          A cycle begins when a plan is approved; a plan begins with the preview of a cluster.
        </EmptyState>
      )}
      {rows.length < total && (
        <p className="border-t border-line px-4 py-2 text-12 text-ink-2">
          These are {rows.length} of {total}: filter by name to see the others.
        </p>
      )}
    </Panel>
  );
}

function EndedCycles({ input, search, onClear }: SectionProps) {
  const query = useTRPC().cycle.list.infiniteQueryOptions(input, endedPages);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(query);
  const [first] = data.pages;
  useLive('cycles', first?.cursors.cycles, query.queryKey, () => 'refetch');
  const rows = data.pages.flatMap((page) => page.rows);
  return (
    <Panel title={titleOf(search.state)} note={first?.total} flush>
      {rows.length > 0 ? (
        <EndedTable rows={rows} />
      ) : isNarrowed(search) ? (
        <NothingMatches search={search} onClear={onClear} />
      ) : (
        <EmptyState title="No cycle has ended yet">Every cycle that ends is kept here with what came of it.</EmptyState>
      )}
      {hasNextPage && (
        <div className="border-t border-line p-3">
          <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            Show more
          </Button>
        </div>
      )}
    </Panel>
  );
}

function isNarrowed({ q, state, env }: CycleSearch): boolean {
  return q !== '' || state !== null || env !== '';
}

function titleOf(state: CycleFilter | null): string {
  if (state === null) return 'Ended';
  return `${state.charAt(0).toUpperCase()}${state.slice(1)}`;
}

function NothingMatches({ search: { q, state, env }, onClear }: { search: CycleSearch; onClear: () => void }) {
  const what = [env, state, q !== '' && `“${q}”`].filter(Boolean).join(', ');
  return (
    <EmptyState title={`The filter hides all: ${what}`} actions={<Button onClick={onClear}>Clear the filter</Button>} />
  );
}
