'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useDeferredValue } from 'react';
import { FilterInput } from '@/components/cluster/filter-input';
import { SessionTable } from '@/components/session/session-table';
import {
  filterInWords,
  firstOf,
  outcomes,
  type SessionSearch,
  sessionFilters,
  sessionListInput,
  sessionSearch,
} from '@/components/session/sessions-query';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { Button, ButtonLink } from '@/components/ui/button';
import { chipClass, FilterChips } from '@/components/ui/chip';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProgressLine } from '@/components/ui/progress-line';
import { Select } from '@/components/ui/select';

/** All sessions, filtered and cut by the server; the address says how. */
export function SessionsPage() {
  const trpc = useTRPC();
  const [search, setSearch] = useQueryStates(sessionSearch);
  // The rows that are there stay until those for another search have come.
  const shown = useDeferredValue(search);
  const query = trpc.session.list.queryOptions(sessionListInput(shown));
  const { data: page } = useSuspenseQuery(query);
  useLive('sessions', page.cursors.sessions, query.queryKey, () => 'refetch');
  const change = (changed: Partial<SessionSearch>) => void setSearch({ after: null, ...changed });
  const first = firstOf(shown.after);
  const isPaged = shown.after.length > 0 || page.nextCursor !== null;

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <SessionFilters search={search} onChange={change} />
      <Panel
        label="Sessions"
        flush
        footer={
          page.rows.length > 0 && (
            <span className="ml-auto flex items-center gap-2">
              {first}–{first + page.rows.length - 1} of {page.total}
              {isPaged && (
                <>
                  <Button
                    size="small"
                    disabled={shown.after.length === 0}
                    onClick={() => void setSearch({ after: search.after.slice(0, -1) }, { history: 'push' })}
                  >
                    Previous
                  </Button>
                  <Button
                    size="small"
                    disabled={page.nextCursor === null}
                    onClick={() =>
                      page.nextCursor !== null &&
                      void setSearch({ after: [...search.after, page.nextCursor] }, { history: 'push' })
                    }
                  >
                    Next
                  </Button>
                </>
              )}
            </span>
          )
        }
      >
        <ProgressLine active={shown !== search} />
        {page.rows.length > 0 ? (
          <SessionTable rows={page.rows} />
        ) : (
          <NoSessions search={shown} onClear={() => void setSearch(null)} />
        )}
      </Panel>
    </div>
  );
}

interface SessionFiltersProps {
  search: SessionSearch;
  onChange: (changed: Partial<SessionSearch>) => void;
}

function SessionFilters({ search, onChange }: SessionFiltersProps) {
  const { data: pools } = useSuspenseQuery(useTRPC().pool.list.queryOptions());
  const names = pools.rows.map(({ name }) => name);
  const known = search.pool === '' || names.includes(search.pool) ? names : [...names, search.pool];
  return (
    <div className="flex flex-wrap items-center gap-2">
      <FilterInput
        label="Filter sessions"
        placeholder="Words of a name or owner, or label.team:web"
        value={search.q}
        onChange={(q) => onChange({ q })}
      />
      <FilterChips
        label="State"
        allLabel="all"
        options={sessionFilters.map((value) => ({ value, label: value === 'keeping' ? 'kept' : value }))}
        value={search.state}
        onChange={(value) => onChange({ state: sessionFilters.find((one) => one === value) ?? null })}
      />
      <span className="w-36">
        <Select
          aria-label="Outcome"
          options={[{ value: '', label: 'any outcome' }, ...outcomes.map((value) => ({ value, label: value }))]}
          value={search.outcome ?? ''}
          onChange={(value) => onChange({ outcome: value === '' ? null : value })}
        />
      </span>
      <span className="w-36">
        <Select
          aria-label="Pool"
          options={[{ value: '', label: 'any pool' }, ...known.map((value) => ({ value, label: value }))]}
          value={search.pool}
          onChange={(pool) => onChange({ pool })}
        />
      </span>
      <button
        type="button"
        aria-pressed={search.health === 'bad'}
        onClick={() => onChange({ health: search.health === 'bad' ? null : 'bad' })}
        className={chipClass(search.health === 'bad')}
      >
        bad health
      </button>
      <button
        type="button"
        aria-pressed={search.owner === 'me'}
        onClick={() => onChange({ owner: search.owner === 'me' ? null : 'me' })}
        className={chipClass(search.owner === 'me')}
      >
        mine
      </button>
    </div>
  );
}

function NoSessions({ search, onClear }: { search: SessionSearch; onClear: () => void }) {
  const filter = filterInWords(search);
  if (filter === '' && search.after.length === 0) {
    return (
      <EmptyState
        title="There has been no session yet"
        actions={<ButtonLink href="/sessions/new?example=http-load">Begin with the HTTP load example</ButtonLink>}
      >
        A session takes machines of pools, runs its components on them, is watched, and ends with an answer.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={filter === '' ? 'This page is beyond the last session' : `The filter hides all: ${filter}`}
      actions={<Button onClick={onClear}>{filter === '' ? 'Go to the first page' : 'Clear the filter'}</Button>}
    />
  );
}
