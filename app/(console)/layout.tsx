import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { Account } from '@/components/people/account';
import { PATH_HEADER } from '@/components/people/path-header';
import { AppShell } from '@/components/shell/app-shell';
import { AppProvider } from '@/components/trpc/provider';
import { LiveState } from '@/components/trpc/live-state';
import { getContext } from '@/components/trpc/server';
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
  return (
    <ClockProvider serverNow={now} zone={zone}>
      <AppProvider>
        <AppShell waiting={0} live={<LiveState />} account={<Account name={viewer.name} role={viewer.role} />}>
          <NuqsAdapter>{children}</NuqsAdapter>
        </AppShell>
      </AppProvider>
    </ClockProvider>
  );
}
