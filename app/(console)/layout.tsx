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
import { parseZone, ZONE_COOKIE } from '@/components/ui/preferences';

/** Around every page of those who are signed in. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { viewer, now } = await getContext();
  if (viewer === null) {
    const path = (await headers()).get(PATH_HEADER) ?? '/';
    redirect(`/sign-in?next=${encodeURIComponent(path)}`);
  }
  const zone = parseZone((await cookies()).get(ZONE_COOKIE)?.value);
  await prefetch(trpc.plan.list.queryOptions(waitingPlans));
  return (
    <ClockProvider serverNow={now} zone={zone}>
      <AppProvider>
        <NuqsAdapter>
          <HydrateClient>
            <ConsoleShell viewer={viewer}>{children}</ConsoleShell>
          </HydrateClient>
        </NuqsAdapter>
      </AppProvider>
    </ClockProvider>
  );
}
