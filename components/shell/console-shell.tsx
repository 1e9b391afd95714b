'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Account } from '@/components/people/account';
import { AppShell } from '@/components/shell/app-shell';
import { LiveChip } from '@/components/shell/live-chip';
import { waitingPlans } from '@/components/shell/waiting-plans';
import { useTRPC } from '@/components/trpc/client';
import { useLive, useLiveStatus } from '@/components/trpc/use-live';
import { useClock } from '@/components/ui/clock';
import type { Viewer } from '@/server/contract/people.ts';

/** The shell with what is live in it: the plans that wait for an approval, and how fresh the page is. */
export function ConsoleShell({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return (
    <AppShell waiting={useWaiting()} live={<LiveState />} account={<Account name={viewer.name} role={viewer.role} />}>
      {children}
    </AppShell>
  );
}

function LiveState() {
  return <LiveChip state={useLiveStatus()} />;
}

function useWaiting(): number {
  const query = useTRPC().plan.list.queryOptions(waitingPlans);
  const { data } = useQuery(query);
  useLive('plans', data?.cursors.plans, query.queryKey, () => 'refetch');
  return useClock((now) => data?.rows.filter((plan) => plan.expiresAt > now).length ?? 0);
}
