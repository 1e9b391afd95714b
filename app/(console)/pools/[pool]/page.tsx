import type { Metadata } from 'next';
import { PoolPage } from '@/components/pool/pool-page';
import { PoolSkeleton } from '@/components/pool/pool-skeleton';
import { getContext, HydrateClient, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { InPlace } from '@/components/ui/in-place';
import { hasRole } from '@/server/contract/people.ts';

interface PoolRoute {
  params: Promise<{ pool: string }>;
}

export async function generateMetadata({ params }: PoolRoute): Promise<Metadata> {
  return { title: decodeURIComponent((await params).pool) };
}

export default function Page(route: PoolRoute) {
  return (
    <InPlace fallback={<PoolSkeleton />}>
      <Content {...route} />
    </InPlace>
  );
}

async function Content({ params }: PoolRoute) {
  const name = decodeURIComponent((await params).pool);
  const { viewer } = await getContext();
  await prefetchOrNotFound(trpc.pool.byName.queryOptions({ name }));
  return (
    <HydrateClient>
      <PoolPage name={name} canOperate={viewer !== null && hasRole(viewer.role, 'operator')} />
    </HydrateClient>
  );
}
