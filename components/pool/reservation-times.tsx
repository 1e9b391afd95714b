import { Countdown } from '@/components/pool/countdown';
import { formatDuration } from '@/components/ui/duration';
import { AbsoluteTime } from '@/components/ui/relative-time';
import type { ReservationRow } from '@/server/contract/pool.ts';

/** Since when it is in its state. */
export function ReservationSince({ reservation: { heldAt, requestedAt } }: { reservation: ReservationRow }) {
  return <AbsoluteTime at={heldAt ?? requestedAt} />;
}

/** When it ends, or ended; while it waits, how long it is to be. */
export function ReservationUntil({
  reservation: { state, endedAt, expiresAt, leaseMs, kind },
}: {
  reservation: ReservationRow;
}) {
  if (state === 'ended') return endedAt === null ? null : <AbsoluteTime at={endedAt} />;
  if (expiresAt !== null && state === 'held') return <Countdown until={expiresAt} lengthMs={leaseMs} />;
  if (kind === 'session') return <span className="text-ink-3">with its session</span>;
  return <span className="text-ink-3">for {formatDuration(leaseMs)}</span>;
}
