import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** Plans are never removed, so one that is not found never was: the nearest thing is the list of what waits and ran. */
export default function PlanNotFound() {
  return (
    <EmptyState title="There is no such plan" level={1} actions={<ButtonLink href="/cycles">Go to cycles</ButtonLink>}>
      The address may be mistyped. Plans that wait for an approval are listed above the cycles.
    </EmptyState>
  );
}
