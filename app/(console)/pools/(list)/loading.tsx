import { PoolsSkeleton } from '@/components/pool/pools-skeleton';
import { PageHead } from '@/components/ui/page-head';
import { Skeleton } from '@/components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <PageHead title="Pools" lead={<Skeleton className="my-1.25 w-[min(384px,80vw)]" />} />
      <PoolsSkeleton />
    </>
  );
}
