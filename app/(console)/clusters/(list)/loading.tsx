import { ClustersSkeleton } from '@/components/cluster/clusters-skeleton';
import { PageHead } from '@/components/ui/page-head';
import { Skeleton } from '@/components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <PageHead title="Clusters" lead={<Skeleton className="my-1.25 w-[min(384px,80vw)]" />} />
      <ClustersSkeleton />
    </>
  );
}
