import type { Metadata } from 'next';
import { ClusterSkeleton } from '@/components/cluster/cluster-skeleton';
import { InstancePage } from '@/components/cluster/instance-page';
import { HydrateClient, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';

interface InstanceRoute {
  params: Promise<{ env: string; cluster: string; id: string }>;
}

export async function generateMetadata({ params }: InstanceRoute): Promise<Metadata> {
  return { title: decodeURIComponent((await params).id) };
}

export default async function Page({ params }: InstanceRoute) {
  const route = await params;
  const environment = decodeURIComponent(route.env);
  const cluster = decodeURIComponent(route.cluster);
  const instanceId = decodeURIComponent(route.id);
  await prefetchOrNotFound(trpc.cluster.byName.queryOptions({ environment, cluster }));
  return (
    <HydrateClient>
      <InPlace fallback={<ClusterSkeleton environment={environment} name={instanceId} />}>
        <InstancePage environment={environment} name={cluster} instanceId={instanceId} />
      </InPlace>
    </HydrateClient>
  );
}
