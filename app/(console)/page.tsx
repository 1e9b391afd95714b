import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Overview } from '@/components/overview/overview';
import { OverviewLead } from '@/components/overview/overview-lead';
import { getContext, HydrateClient, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { PageHead } from '@/components/ui/page-head';

export const metadata: Metadata = { title: 'Overview' };

export default async function OverviewPage() {
  const { viewer } = await getContext();
  if (viewer === null) return null; // the layout sends them to the sign-in
  // Waited for: it is one short question, and where there is no cluster another page answers.
  const { numbers } = await prefetchOrNotFound(trpc.overview.read.queryOptions());
  if (numbers.clusters === 0) redirect('/welcome');
  return (
    <HydrateClient>
      <PageHead title="Overview" lead={<OverviewLead />} />
      <Overview />
    </HydrateClient>
  );
}
