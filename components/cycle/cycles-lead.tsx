'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { LiveStreams } from '@/components/cluster/live-streams';
import { cycleSections } from '@/components/cycle/cycles-query';
import { applyToActive } from '@/components/cycle/live-cycles';
import { waitingPlans } from '@/components/shell/waiting-plans';
import { useTRPC } from '@/components/trpc/client';
import { useClock } from '@/components/ui/clock';

const { active } = cycleSections({ state: null, q: '', env: '' });

/** How much waits and how much goes on, whatever the list is filtered by. */
export function CyclesLead() {
  const trpc = useTRPC();
  const query = trpc.cycle.list.queryOptions(active ?? {});
  const { data: page } = useSuspenseQuery(query);
  const { data: plans } = useSuspenseQuery(trpc.plan.list.queryOptions(waitingPlans));
  const waiting = useClock((now) => plans.rows.filter((plan) => plan.expiresAt > now).length);
  const stuck = page.rows.filter((row) => row.state === 'paused').length;
  return (
    <>
      <LiveStreams cursors={page.cursors} queryKey={query.queryKey} reducer={applyToActive} />
      {waiting > 0 && (
        <>
          <b>{waiting}</b> {waiting === 1 ? 'plan waits' : 'plans wait'} for an approval.{' '}
        </>
      )}
      {page.total === 0 ? (
        'No cycle is active.'
      ) : (
        <>
          <b>{page.total}</b> {page.total === 1 ? 'cycle is' : 'cycles are'} active
          {stuck > 0 && (
            <>
              , <b>{stuck}</b> of them paused until a person decides
            </>
          )}
          .
        </>
      )}
    </>
  );
}
