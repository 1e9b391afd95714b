import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { PATH_HEADER } from '@/components/people/path-header';
import { ConsoleShell } from '@/components/shell/console-shell';
import { waitingPlans } from '@/components/shell/waiting-plans';
import { AppProvider } from '@/components/trpc/provider';
import { getContext, HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { ClockProvider } from '@/components/ui/clock';
import {
  ENVIRONMENT_COOKIE,
  KEYS_COOKIE,
  parseText,
  parseZone,
  RAIL_COOKIE,
  ZONE_COOKIE,
} from '@/components/ui/preferences';

/** Around every page of those who are signed in. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { viewer, now } = await getContext();
  if (viewer === null) {
    const path = (await headers()).get(PATH_HEADER) ?? '/';
    redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  }
  const kept = await cookies();
  const zone = parseZone(kept.get(ZONE_COOKIE)?.value);
  const preferences = {
    singleKeys: kept.get(KEYS_COOKIE)?.value !== 'off',
    narrowRail: kept.get(RAIL_COOKIE)?.value === 'narrow',
    environment: parseText(kept.get(ENVIRONMENT_COOKIE)?.value),
  };
  await Promise.all([
    prefetch(trpc.plan.list.queryOptions(waitingPlans)),
    prefetch(trpc.environment.list.queryOptions()),
  ]);
  return (
    <ClockProvider serverNow={now} zone={zone}>
      <AppProvider>
        <NuqsAdapter>
          <HydrateClient>
            <ConsoleShell viewer={viewer} preferences={preferences}>
              {children}
            </ConsoleShell>
          </HydrateClient>
        </NuqsAdapter>
      </AppProvider>
    </ClockProvider>
  );
}
