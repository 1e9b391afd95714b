'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { clusterHref } from '@/components/cluster/cluster-href';
import { plural } from '@/components/cluster/cluster-sentence';
import { poolHref, poolViewHref } from '@/components/pool/pool-search';
import { ReservationBadge } from '@/components/pool/reservation-badge';
import type { AskedOfReservation } from '@/components/pool/reservation-dialogs';
import { ReservationUntil } from '@/components/pool/reservation-times';
import { useReservationOrders } from '@/components/pool/use-reservation-orders';
import { Wants } from '@/components/pool/wants';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { Badge } from '@/components/ui/badge';
import { CopyId } from '@/components/ui/copy-id';
import { formatDuration } from '@/components/ui/duration';
import { EmptyState } from '@/components/ui/empty-state';
import type { GlyphShape } from '@/components/ui/glyph';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import { laterPart } from '@/components/ui/later-part';
import { PageHead } from '@/components/ui/page-head';
import { PageLink } from '@/components/ui/page-link';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime, RelativeTime, Timer } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import type { Tone } from '@/components/ui/tone';
import type { ReservationRow } from '@/server/contract/pool.ts';

const ReservationButtons = laterPart(
  dynamic(() => import('@/components/pool/reservation-actions').then((module) => module.ReservationButtons)),
);

const ReservationDialogs = laterPart(
  dynamic(() => import('@/components/pool/reservation-dialogs').then((module) => module.ReservationDialogs)),
);

const ActionSteps = laterPart(
  dynamic(() => import('@/components/pool/action-steps').then((module) => module.ActionSteps)),
);

/** One reservation: who has which machines until when, and what can be done about it. */
export function ReservationPage({ reservationId }: { reservationId: string }) {
  const reservation = useLiveReservation(reservationId);
  const orders = useReservationOrders();
  const [asked, setAsked] = useState<AskedOfReservation | null>(null);
  const { last, dismiss } = orders.actions;
  return (
    <>
      <PageHead
        crumbs={[
          { label: 'Pools', href: '/pools' },
          { label: 'Reservations', href: '/reservations' },
        ]}
        title={reservation.name}
        lead={<Lead reservation={reservation} />}
        actions={<ReservationButtons reservation={reservation} orders={orders} onAsk={setAsked} />}
      />
      <div className="mb-4 grid gap-2 empty:hidden">
        {last !== null && <ActionSteps action={last} isSeen={last.isSeen(() => reservation)} onDismiss={dismiss} />}
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)_348px] items-start gap-4 narrow:grid-cols-[minmax(0,1fr)]">
        <Machines reservation={reservation} />
        <Facts reservation={reservation} />
      </div>
      {asked !== null && <ReservationDialogs asked={asked} orders={orders} onClose={() => setAsked(null)} />}
    </>
  );
}

/** The reservation as it is now: whatever happens to any pool is looked at for what it means here. */
function useLiveReservation(reservationId: string): ReservationRow {
  const trpc = useTRPC();
  const query = trpc.reservation.byId.queryOptions({ reservationId });
  const { data: pools } = useSuspenseQuery(trpc.pool.list.queryOptions());
  const { data: reservation } = useSuspenseQuery(query);
  useLive('pools', pools.cursors.pools, query.queryKey, () => 'refetch');
  return reservation;
}

function Lead({ reservation }: { reservation: ReservationRow }) {
  const { state, wants, holderName, expiresAt, position } = reservation;
  const machines = plural(
    wants.reduce((sum, { count }) => sum + count, 0),
    'machine',
  );
  if (state === 'held') {
    return (
      <>
        <b>{holderName}</b> holds <b>{machines}</b>
        {expiresAt !== null && (
          <>
            , for another{' '}
            <b>
              <Timer until={expiresAt} />
            </b>
          </>
        )}
        .
      </>
    );
  }
  if (state === 'ended') {
    return (
      <>
        <b>{holderName}</b> {reservation.heldAt === null ? 'waited for' : 'held'} {machines}
        {reservation.endedAt !== null && (
          <>
            ; it ended <RelativeTime at={reservation.endedAt} />
          </>
        )}
        .
      </>
    );
  }
  return (
    <>
      <b>{holderName}</b> waits for <b>{machines}</b>
      {position !== null && (position === 1 ? ', first in the queue' : `, after ${plural(position - 1, 'other')}`)}.
      Why, and when it starts, stands in the queue of{' '}
      {wants.map(({ pool }, index) => (
        <span key={pool}>
          {index > 0 && ', '}
          <TextLink href={poolViewHref(poolHref(pool), { tab: 'queue' })}>{pool}</TextLink>
        </span>
      ))}
      .
    </>
  );
}

const machineStates = {
  reserved: { shape: 'square-half', tone: 'info' },
  running: { shape: 'square-full', tone: 'ok' },
  cleaning: { shape: 'square-dashed', tone: 'warn' },
  released: { shape: 'square', tone: 'neutral' },
} satisfies Record<ReservationRow['machines'][number]['state'], { shape: GlyphShape; tone: Tone }>;

function Machines({ reservation: { machines, state } }: { reservation: ReservationRow }) {
  return (
    <Panel title="Machines" note={machines.length > 0 ? machines.length : undefined} flush>
      {machines.length === 0 ? (
        <EmptyState title={state === 'waiting' ? 'No machines yet' : 'It never had machines'}>
          {state === 'waiting' && 'All of them come at once, when enough are free.'}
        </EmptyState>
      ) : (
        <Table caption="Machines of this reservation">
          <TableHead>
            <Column>Machine</Column>
            <Column>State</Column>
            <Column>Pool</Column>
            <Column>As</Column>
          </TableHead>
          <TableBody>
            {machines.map((machine) => (
              <Row key={machine.component}>
                <RowHeader>
                  <PageLink
                    href={clusterHref(machine.environmentName, machine.clusterName, 'instances', machine.instanceId)}
                    className="inline-flex min-h-6 items-center gap-1.5 hover:underline"
                  >
                    <span className="font-mono text-12 tracking-tight">{machine.instanceId}</span>
                    <span className="text-12 text-ink-3">
                      {machine.environmentName}/{machine.clusterName}
                    </span>
                  </PageLink>
                </RowHeader>
                <Cell label="State">
                  <Badge {...machineStates[machine.state]}>{machine.state}</Badge>
                </Cell>
                <Cell label="Pool">
                  <PageLink href={poolHref(machine.pool)} className="hover:underline">
                    {machine.pool}
                  </PageLink>
                </Cell>
                <Cell label="As" className="text-ink-2">
                  {machine.component}
                </Cell>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}

function Facts({ reservation }: { reservation: ReservationRow }) {
  const { id, kind, name, purpose, sessionId, holderName, wants, priority, leaseMs, requestedAt, heldAt } = reservation;
  return (
    <Panel title="Facts">
      <KeyValues>
        <KeyValue term="State">
          <ReservationBadge reservation={reservation} />
        </KeyValue>
        <KeyValue term="Wants">
          <Wants wants={wants} />
        </KeyValue>
        {purpose !== '' && purpose !== name && <KeyValue term="Purpose">{purpose}</KeyValue>}
        <KeyValue term="Who">{holderName}</KeyValue>
        {sessionId !== null && (
          <KeyValue term="Session">
            <TextLink href={`/sessions/${sessionId}`}>{name}</TextLink>
          </KeyValue>
        )}
        <KeyValue term="Asked">
          <AbsoluteTime at={requestedAt} />
        </KeyValue>
        {heldAt !== null && (
          <KeyValue term="Held since">
            <AbsoluteTime at={heldAt} />, after {formatDuration(heldAt - requestedAt)}
          </KeyValue>
        )}
        {reservation.state !== 'waiting' && (
          <KeyValue term={reservation.state === 'ended' ? 'Ended' : 'Until'}>
            <ReservationUntil reservation={reservation} />
          </KeyValue>
        )}
        {kind === 'manual' && <KeyValue term="Length">{formatDuration(leaseMs)}</KeyValue>}
        {priority !== 0 && <KeyValue term="Priority">{priority}</KeyValue>}
        <KeyValue term="Id">
          <CopyId value={id} />
        </KeyValue>
      </KeyValues>
    </Panel>
  );
}
