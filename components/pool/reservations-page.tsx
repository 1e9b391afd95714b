'use client';

import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { useDeferredValue, useState } from 'react';
import { FilterInput } from '@/components/cluster/filter-input';
import { reserveHref } from '@/components/pool/pool-search';
import type { AskedOfReservation } from '@/components/pool/reservation-dialogs';
import {
  type ReservationSearch,
  reservationListInput,
  reservationPages,
  reservationSearch,
} from '@/components/pool/reservation-query';
import { useReservationOrders } from '@/components/pool/use-reservation-orders';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { ProgressLine } from '@/components/ui/progress-line';
import { Segmented } from '@/components/ui/segmented';

const ReservationDialogs = laterPart(
  dynamic(() => import('@/components/pool/reservation-dialogs').then((module) => module.ReservationDialogs)),
);

const ReservationsTable = laterPart(
  dynamic(() => import('@/components/pool/reservations-table').then((module) => module.ReservationsTable)),
);

const ActionSteps = laterPart(
  dynamic(() => import('@/components/pool/action-steps').then((module) => module.ActionSteps)),
);

/** Who holds machines or waits for them, of people and of sessions; the address says which are shown. */
export function ReservationsPage({ canOperate }: { canOperate: boolean }) {
  const [search, setSearch] = useQueryStates(reservationSearch);
  // What is there stays until what was asked for has come.
  const shown = useDeferredValue(search);
  const query = useTRPC().reservation.list.infiniteQueryOptions(reservationListInput(shown), reservationPages);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(query);
  const [first] = data.pages;
  useLive('pools', first?.cursors.pools, query.queryKey, () => 'refetch');
  const orders = useReservationOrders();
  const [asked, setAsked] = useState<AskedOfReservation | null>(null);
  const rows = data.pages.flatMap((page) => page.rows);
  const { last, dismiss } = orders.actions;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <FilterInput
          label="Filter reservations"
          placeholder="Purpose, person, session or pool"
          value={search.q}
          onChange={(q) => void setSearch({ q })}
        />
        <Segmented
          label="Which reservations"
          options={[
            { value: 'open', label: 'Open' },
            { value: 'ended', label: 'Ended' },
          ]}
          value={search.state}
          onChange={(state) => void setSearch({ state })}
        />
        <Segmented
          label="Whose reservations"
          options={[
            { value: 'all', label: 'Everybody’s' },
            { value: 'me', label: 'Mine' },
          ]}
          value={search.holder ?? 'all'}
          onChange={(holder) => void setSearch({ holder: holder === 'me' ? 'me' : null })}
        />
      </div>
      {last !== null && (
        <ActionSteps
          action={last}
          isSeen={last.isSeen((id) => rows.find((row) => row.id === id))}
          onDismiss={dismiss}
        />
      )}
      <Panel label="Reservations" flush>
        <ProgressLine active={shown !== search} />
        {rows.length === 0 ? (
          <NoReservations search={shown} canOperate={canOperate} onClear={() => void setSearch(null)} />
        ) : (
          <ReservationsTable rows={rows} hasEnded={shown.state === 'ended'} orders={orders} onAsk={setAsked} />
        )}
        {hasNextPage && (
          <div className="border-t border-line p-3">
            <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
              Show more
            </Button>
          </div>
        )}
      </Panel>
      {asked !== null && <ReservationDialogs asked={asked} orders={orders} onClose={() => setAsked(null)} />}
    </div>
  );
}

interface NoReservationsProps {
  search: ReservationSearch;
  canOperate: boolean;
  onClear: () => void;
}

function NoReservations({ search: { state, holder, q }, canOperate, onClear }: NoReservationsProps) {
  if (q !== '') {
    return (
      <EmptyState
        title={`The filter hides all: “${q}”`}
        actions={<Button onClick={onClear}>Clear the filter</Button>}
      />
    );
  }
  const reserve = canOperate ? <ButtonLink href={reserveHref()}>Reserve machines</ButtonLink> : undefined;
  if (holder === 'me') {
    return (
      <EmptyState
        title={state === 'open' ? 'You hold no machines and wait for none' : 'None of yours has ended'}
        actions={reserve}
      >
        Those of your sessions are here too while they are open.
      </EmptyState>
    );
  }
  return state === 'open' ? (
    <EmptyState title="Nobody holds machines or waits for them" actions={reserve}>
      A reservation begins when a person asks for machines or a session is submitted.
    </EmptyState>
  ) : (
    <EmptyState title="No reservation has ended yet">Each one that ends is kept here with how it ended.</EmptyState>
  );
}
