import { StateBadge } from '@/components/cluster/state-badge';
import { Badge } from '@/components/ui/badge';
import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import type { CycleInstanceView } from '@/server/contract/cycle';
import type { InstanceState } from '@/server/domain/cluster/cluster';

const states = [
  'starting',
  'started',
  'draining',
  'drained',
  'terminating',
] as const satisfies readonly InstanceState[];

/** The state of an instance and how long it has been in it; one that is no longer listed is gone. */
export function InstanceStateBadge({
  instance: { state, role, decision, stateSince },
}: {
  instance: CycleInstanceView;
}) {
  const known = states.find((one) => one === state);
  const age = useClock((now) => (stateSince === null ? null : formatDuration(now - stateSince)));
  if (known === undefined) {
    return (
      <Badge shape={role === 'planned' ? 'tick' : 'cross'} tone={role === 'planned' ? 'ok' : 'neutral'}>
        gone {age !== null && <span className="text-ink-3">{age}</span>}
      </Badge>
    );
  }
  return (
    <StateBadge state={known} outdated={role === 'planned' && decision === 'replace'}>
      {age !== null && <span className="text-ink-3">{age}</span>}
    </StateBadge>
  );
}
