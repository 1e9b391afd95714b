'use client';

import { unreadTerms } from '@/components/cluster/filter-terms';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

interface ClustersEmptyProps {
  /** Clusters in all. */
  clusters: number;
  filter: string;
  /** The page asked for lies behind the last cluster. */
  beyond: boolean;
  canDeclare: boolean;
  onClear: () => void;
}

/** Why no cluster is shown, and what can be done about it. */
export function ClustersEmpty({ clusters, filter, beyond, canDeclare, onClear }: ClustersEmptyProps) {
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
  if (beyond && filter === '') {
    return (
      <EmptyState
        level={2}
        title="There is no such page any more"
        actions={<Button onClick={onClear}>Go to the first page</Button>}
      >
        Clusters were removed since this address was made.
      </EmptyState>
    );
  }
  const unread = unreadTerms(filter);
  return (
    <EmptyState
      level={2}
      title={`The filter hides ${clusters === 1 ? 'the one cluster' : `all ${clusters} clusters`}`}
      actions={<Button onClick={onClear}>Clear filter</Button>}
    >
      <code className="rounded-[3px] bg-accent-soft px-1 font-mono text-12">{filter}</code> matches none of them.
      {unread.length > 0 && ` ${unread.join(' and ')} is no term that can be read, so it was looked for in the names.`}
    </EmptyState>
  );
}
