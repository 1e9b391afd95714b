import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** Nothing removes a session, so one that is not found never was: the nearest thing is the list. */
export default function SessionNotFound() {
  return (
    <EmptyState
      title="There is no such session"
      level={1}
      actions={<ButtonLink href="/sessions">Go to sessions</ButtonLink>}
    >
      The address may be mistyped, or it belongs to another installation. Every session that there was is in the list.
    </EmptyState>
  );
}
