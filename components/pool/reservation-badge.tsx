import { Badge } from '@/components/ui/badge';
import type { ReservationEnd, ReservationRow } from '@/server/contract/pool.ts';

const ends = {
  released: 'released',
  expired: 'expired',
  cancelled: 'cancelled',
  'session-ended': 'session ended',
  'holder-gone': 'holder gone',
} satisfies Record<ReservationEnd, string>;

/** Whether a reservation waits, holds machines, or how it ended. */
export function ReservationBadge({
  reservation: { state, position, endReason },
}: {
  reservation: Pick<ReservationRow, 'state' | 'position' | 'endReason'>;
}) {
  switch (state) {
    case 'waiting':
      return (
        <Badge shape="square-dashed" tone="info">
          waiting{position !== null && `, place ${position}`}
        </Badge>
      );
    case 'held':
      return (
        <Badge shape="square-half" tone="ok">
          held
        </Badge>
      );
    case 'ended':
      return (
        <Badge shape="square" tone="neutral">
          {endReason === null ? 'ended' : ends[endReason]}
        </Badge>
      );
  }
}
