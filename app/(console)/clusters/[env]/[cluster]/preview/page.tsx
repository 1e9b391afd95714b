import { dehydrate, HydrationBoundary } from '@tanstack/react-query';
import { TRPCError } from '@trpc/server';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { createLoader, type SearchParams } from 'nuqs/server';
import { knobParsers } from '@/components/plan/knob-address';
import { readKnobs } from '@/components/plan/knobs';
import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';
import { Preview } from '@/components/plan/preview';
import { makeQueryClient } from '@/components/trpc/query-client';
import { getContext, trpc } from '@/components/trpc/server';
import { Alive } from '@/components/ui/alive';
import { InPlace } from '@/components/ui/in-place';
import { hasRole } from '@/server/contract/people';

const loadKnobs = createLoader(knobParsers);

interface PreviewPageProps {
  params: Promise<{ env: string; cluster: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: PreviewPageProps): Promise<Metadata> {
  const { environment, cluster } = await names(params);
  return { title: `Preview ${environment}/${cluster}` };
}

export default function Page(route: PreviewPageProps) {
  return (
    <InPlace fallback={<PlanPageSkeleton title="Preview" />}>
      <PreviewPage {...route} />
    </InPlace>
  );
}

async function PreviewPage({ params, searchParams }: PreviewPageProps) {
  const { environment, cluster } = await names(params);
  const { viewer } = await getContext();
  const {
    id: clusterId,
    environment: { kind },
  } = await makeQueryClient()
    .fetchQuery(trpc.cluster.byName.queryOptions({ environment, cluster }))
    .catch(missingAsNotFound);
  const { knobs } = readKnobs(await loadKnobs(searchParams));
  // Awaited, so that the page comes with its numbers. A failure is left to the component, which asks again.
  const queryClient = makeQueryClient();
  await queryClient.prefetchQuery(trpc.cluster.preview.queryOptions({ clusterId, knobs }));
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <Alive>
        <Preview
          clusterId={clusterId}
          environment={environment}
          cluster={cluster}
          kind={kind}
          mayRequest={viewer !== null && hasRole(viewer.role, 'operator')}
        />
      </Alive>
    </HydrationBoundary>
  );
}

async function names(params: PreviewPageProps['params']): Promise<{ environment: string; cluster: string }> {
  const { env, cluster } = await params;
  return { environment: decodeURIComponent(env), cluster: decodeURIComponent(cluster) };
}

function missingAsNotFound(error: unknown): never {
  if (error instanceof TRPCError && error.code === 'NOT_FOUND') notFound();
  throw error;
}
