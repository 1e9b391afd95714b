import { cycleLook } from '@/components/cycle/cycle-look';
import { Badge } from '@/components/ui/badge';
import type { CycleState } from '@/server/domain/cycle/cycle-state';

/** The state of a cycle: shape, colour and word. */
export function CycleBadge({ state }: { state: CycleState }) {
  const { shape, tone } = cycleLook[state];
  return (
    <Badge shape={shape} tone={tone}>
      {state}
    </Badge>
  );
}
