import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** Cycles are never removed, so one that is not found never was: the nearest thing is the list. */
export default function CycleNotFound() {
  return (
    <EmptyState title="There is no such cycle" level={1} actions={<ButtonLink href="/cycles">Go to cycles</ButtonLink>}>
      The address may be mistyped. Cycles are never removed, so every one that there was is in the list.
    </EmptyState>
  );
}
