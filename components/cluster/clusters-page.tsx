'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useDeferredValue } from 'react';
import {
  CLUSTERS_A_PAGE,
  type ClusterSearch,
  clusterListInput,
  clusterSearch,
  clustersHref,
  nextSort,
} from '@/components/cluster/cluster-search';
import { ClusterTable } from '@/components/cluster/cluster-table';
import { ClustersEmpty } from '@/components/cluster/clusters-empty';
import { EnvironmentBanners, isBroken } from '@/components/cluster/environment-banners';
import { FilterInput } from '@/components/cluster/filter-input';
import { FILTER_TERMS, quickList, withQuickList, withTerm } from '@/components/cluster/filter-terms';
import { instanceKinds } from '@/components/cluster/instance-look';
import { applyToPage } from '@/components/cluster/live-cluster';
import { LiveStreams } from '@/components/cluster/live-streams';
import { StateLegend } from '@/components/cluster/state-bar';
import { useTRPC } from '@/components/trpc/client';
import { Button } from '@/components/ui/button';
import { FilterChips } from '@/components/ui/chip';
import { Menu, MenuItem } from '@/components/ui/menu';
import { Panel } from '@/components/ui/panel';
import { ProgressLine } from '@/components/ui/progress-line';
import { Segmented } from '@/components/ui/segmented';

/** That a worker is gone is in no event: nobody is there to send it. */
const ASK_FOR_WORKERS_MS = 15_000;

/** All clusters, filtered, sorted and cut by the server; the address says how. */
export function ClustersPage({ canDeclare }: { canDeclare: boolean }) {
  const trpc = useTRPC();
  const [search, setSearch] = useQueryStates(clusterSearch);
  // The rows that are there stay until those for another search have come.
  const shown = useDeferredValue(search);
  const query = trpc.cluster.list.queryOptions(clusterListInput(shown));
  const { data: page } = useSuspenseQuery(query);
  const { data: fleet } = useSuspenseQuery(trpc.cluster.summary.queryOptions());
  const { data: environments } = useSuspenseQuery({
    ...trpc.environment.list.queryOptions(),
    refetchInterval: ASK_FOR_WORKERS_MS,
  });
  const brokenIds = new Set(environments.filter(isBroken).map((environment) => environment.id));
  const change = (changed: Partial<ClusterSearch>) => void setSearch({ after: null, ...changed });

  return (
    <div className="grid gap-3">
      <LiveStreams cursors={page.cursors} queryKey={query.queryKey} reducer={applyToPage} />
      <div className="flex flex-wrap items-center gap-2">
        <FilterInput
          label="Filter clusters"
          placeholder="Name, or outdated:>0  state:draining  cycle:active"
          value={search.q}
          onChange={(q) => change({ q })}
          aside={<FilterMenu onChoose={(term) => change({ q: withTerm(search.q, term) })} />}
        />
        <Segmented
          label="Which clusters"
          options={[
            { value: 'all', label: 'All', count: fleet.clusters },
            { value: 'outdated', label: 'Outdated', count: fleet.outdatedClusters },
            { value: 'cycling', label: 'In a cycle', count: fleet.cycling },
          ]}
          value={quickList(search.q)}
          onChange={(list) => change({ q: withQuickList(search.q, list) })}
        />
        {environments.length > 1 && (
          <FilterChips
            label="Environment"
            allLabel="all"
            options={environments.map(({ name }) => ({ value: name, label: name }))}
            value={search.env || null}
            onChange={(env) => change({ env: env ?? '' })}
          />
        )}
      </div>
      <EnvironmentBanners environments={environments} />
      <Panel
        label="Clusters"
        flush
        footer={
          page.rows.length === 0 ? undefined : (
            <PageFooter
              page={page}
              after={shown.after}
              onTurn={(after) => void setSearch({ after }, { history: 'push' })}
            />
          )
        }
      >
        <ProgressLine active={shown !== search} />
        {page.rows.length === 0 ? (
          <ClustersEmpty
            clusters={fleet.clusters}
            filter={clusterListInput({ ...shown, after: [] }).q ?? ''}
            beyond={shown.after.length > 0}
            canDeclare={canDeclare}
            onClear={() => void setSearch(null)}
          />
        ) : (
          <ClusterTable
            rows={page.rows}
            isBroken={(id) => brokenIds.has(id)}
            sortOf={(column) => ({
              direction: shown.sort === column ? 'ascending' : shown.sort === `-${column}` ? 'descending' : null,
              href: clustersHref('/clusters', { ...search, after: [], sort: nextSort(search.sort, column) }),
            })}
          />
        )}
      </Panel>
    </div>
  );
}

interface PageFooterProps {
  page: {
    readonly rows: readonly { counts: Readonly<Record<(typeof instanceKinds)[number], number>> }[];
    total: number;
    nextCursor: string | null;
  };
  after: readonly string[];
  onTurn: (after: string[]) => void;
}

function PageFooter({ page, after, onTurn }: PageFooterProps) {
  const { rows, total, nextCursor } = page;
  const first = after.length * CLUSTERS_A_PAGE + 1;
  const kinds = instanceKinds.filter((kind) => rows.some(({ counts }) => counts[kind] > 0));
  return (
    <>
      <StateLegend kinds={kinds} />
      <span className="ml-auto flex items-center gap-2">
        {first}–{first + rows.length - 1} of {total}
        {(after.length > 0 || nextCursor !== null) && (
          <>
            <Button size="small" disabled={after.length === 0} onClick={() => onTurn(after.slice(0, -1))}>
              Previous
            </Button>
            <Button
              size="small"
              disabled={nextCursor === null}
              onClick={() => nextCursor !== null && onTurn([...after, nextCursor])}
            >
              Next
            </Button>
          </>
        )}
      </span>
    </>
  );
}

function FilterMenu({ onChoose }: { onChoose: (term: string) => void }) {
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="h-6 flex-none rounded-control px-2 text-12 text-ink-2 hover:bg-hover hover:text-ink"
        >
          Terms
        </button>
      }
    >
      {FILTER_TERMS.map(({ term, means }) => (
        <MenuItem key={term} onClick={() => onChoose(term)}>
          <span className="w-32 font-mono text-12">{term}</span>
          <span className="text-ink-2">{means}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
