import { ReservationMenu } from '@/components/pool/reservation-actions';
import { ReservationBadge } from '@/components/pool/reservation-badge';
import type { AskedOfReservation } from '@/components/pool/reservation-dialogs';
import { ReservationSince, ReservationUntil } from '@/components/pool/reservation-times';
import type { ReservationOrders } from '@/components/pool/use-reservation-orders';
import { Wants } from '@/components/pool/wants';
import { PageLink } from '@/components/ui/page-link';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { ReservationRow } from '@/server/contract/pool.ts';

interface ReservationsTableProps {
  rows: readonly ReservationRow[];
  /** Of the list: whether the last column tells when they end, or when they ended. */
  hasEnded: boolean;
  orders: ReservationOrders;
  onAsk: (asked: AskedOfReservation) => void;
}

export function ReservationsTable({ rows, hasEnded, orders, onAsk }: ReservationsTableProps) {
  return (
    <Table caption="Reservations" tall>
      <TableHead>
        <Column className="w-[30%]">What for</Column>
        <Column>Who</Column>
        <Column>Machines</Column>
        <Column>State</Column>
        <Column numeric>Since</Column>
        <Column numeric>{hasEnded ? 'Ended' : 'Until, left'}</Column>
        <Column>
          <span className="sr-only">Actions</span>
        </Column>
      </TableHead>
      <TableBody>
        {rows.map((reservation) => (
          <Row key={reservation.id} data-reservation={reservation.id}>
            <RowHeader>
              <PageLink
                href={`/reservations/${reservation.id}`}
                className="inline-flex min-h-6 max-w-full items-center font-medium hover:underline"
              >
                <span className="line-clamp-2">{reservation.name}</span>
              </PageLink>
              {reservation.kind === 'session' && <span className="text-12 text-ink-3"> session</span>}
            </RowHeader>
            <Cell label="Who">{reservation.holderName}</Cell>
            <Cell label="Wants" wide>
              <Wants wants={reservation.wants} />
            </Cell>
            <Cell label="State" wide>
              <ReservationBadge reservation={reservation} />
            </Cell>
            <Cell label="Since" numeric className="text-ink-2">
              <ReservationSince reservation={reservation} />
            </Cell>
            <Cell label={hasEnded ? 'Ended' : 'Until'} numeric>
              <ReservationUntil reservation={reservation} />
            </Cell>
            <Cell numeric wide>
              <ReservationMenu reservation={reservation} orders={orders} onAsk={onAsk} />
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
