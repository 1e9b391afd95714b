'use client';

import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

interface ClustersEmptyProps {
  /** Clusters in all. */
  clusters: number;
  filter: string;
  canDeclare: boolean;
  onClear: () => void;
}

/** Why no cluster is shown, and what can be done about it. */
export function ClustersEmpty({ clusters, filter, canDeclare, onClear }: ClustersEmptyProps) {
  if (clusters === 0) {
    return (
      <EmptyState
        level={2}
        title="No clusters yet"
        actions={canDeclare && <ButtonLink href="/clusters/new">Declare cluster</ButtonLink>}
      >
        A cluster is a number of machines that run the same. Declare one, and its machines are started, watched and
        replaced from here. {!canDeclare && 'An administrator can do that.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      level={2}
      title={`The filter hides ${clusters === 1 ? 'the one cluster' : `all ${clusters} clusters`}`}
      actions={<Button onClick={onClear}>Clear filter</Button>}
    >
      <code className="rounded-[3px] bg-accent-soft px-1 font-mono text-12">{filter}</code> matches none of them.
    </EmptyState>
  );
}
