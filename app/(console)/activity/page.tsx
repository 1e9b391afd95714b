import type { Metadata } from 'next';
import { Activity } from '@/components/activity/activity-list';
import { activityPages } from '@/components/activity/activity-query';
import { HydrateClient, prefetchInfinite, trpc } from '@/components/trpc/server';
import { PageHead } from '@/components/ui/page-head';

export const metadata: Metadata = { title: 'Activity' };

export default async function ActivityPage({ searchParams }: { searchParams: Promise<{ q?: string | string[] }> }) {
  const { q } = await searchParams;
  prefetchInfinite(trpc.activity.list.infiniteQueryOptions({ q: typeof q === 'string' ? q : '' }, activityPages));
  return (
    <HydrateClient>
      <PageHead
        title="Activity"
        lead="Who did what, and what it was before. Lines are added and never changed or removed."
      />
      <Activity />
    </HydrateClient>
  );
}
