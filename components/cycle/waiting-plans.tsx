'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Emphasis } from '@/components/plan/emphasis';
import { waitingPlans } from '@/components/shell/waiting-plans';
import { useTRPC } from '@/components/trpc/client';
import { Button, ButtonLink } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { EmptyState } from '@/components/ui/empty-state';
import { Glyph } from '@/components/ui/glyph';
import { List, ListRow } from '@/components/ui/list';
import { Panel } from '@/components/ui/panel';
import { RelativeTime, Timer } from '@/components/ui/relative-time';
import type { PlanRow } from '@/server/contract/plan';

interface WaitingPlansProps {
  q: string;
  /** The name of an environment; empty: all. */
  env: string;
  /** Nothing else is shown, so that it says so where there is none. */
  alone: boolean;
  onClear: () => void;
}

/** Plans that a person has to approve or reject. The shell keeps the list live. */
export function WaitingPlans({ q, env, alone, onClear }: WaitingPlansProps) {
  const { data } = useSuspenseQuery(useTRPC().plan.list.queryOptions(waitingPlans));
  const now = useClock((at) => at);
  const waiting = data.rows.filter((plan) => plan.expiresAt > now);
  const shown = waiting.filter(
    (plan) => plan.clusterName.toLowerCase().includes(q.toLowerCase()) && (env === '' || plan.environmentName === env),
  );
  if (shown.length === 0 && !alone) return null;
  return (
    <Panel title="Waiting for an approval" note={shown.length} flush>
      {shown.length > 0 ? (
        <List label="Plans that wait for an approval">
          {shown.map((plan) => (
            <WaitingPlan key={plan.id} plan={plan} />
          ))}
        </List>
      ) : waiting.length > 0 ? (
        <EmptyState
          title={`The filter hides all ${waiting.length}: ${[env, q && `“${q}”`].filter(Boolean).join(', ')}`}
          actions={<Button onClick={onClear}>Clear the filter</Button>}
        />
      ) : (
        <EmptyState title="No plan waits for an approval">
          A plan waits here from when somebody asks until it is approved, rejected or expires.
        </EmptyState>
      )}
    </Panel>
  );
}

function WaitingPlan({
  plan: { id, environmentName, clusterName, sentence, authorName, createdAt, expiresAt },
}: {
  plan: PlanRow;
}) {
  return (
    <ListRow
      lead={<Glyph shape="diamond" className="text-accent" />}
      aside={
        <span className="flex items-center justify-end gap-3 phone:justify-between">
          <span>
            expires in <Timer until={expiresAt} />
          </span>
          <ButtonLink href={`/plans/${id}`} variant="primary" size="small">
            Review
          </ButtonLink>
        </span>
      }
    >
      <b>
        {environmentName}/{clusterName}
      </b>
      : <Emphasis sentence={sentence} />
      <div className="text-12 text-ink-2">
        {authorName} asks, <RelativeTime at={createdAt} />
      </div>
    </ListRow>
  );
}
