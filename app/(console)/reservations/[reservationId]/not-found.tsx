import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** A reservation that is not found was too long ago, or never was: the nearest thing is the list. */
export default function ReservationNotFound() {
  return (
    <EmptyState
      title="There is no such reservation"
      level={1}
      actions={<ButtonLink href="/reservations?state=ended">Go to those that ended</ButtonLink>}
    >
      The address may be mistyped, or it ended so long ago that it is no longer kept. What was done to it stands under
      Activity.
    </EmptyState>
  );
}
