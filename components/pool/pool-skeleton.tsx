import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

/** A pool or a reservation while it is on the way. */
export function PoolSkeleton() {
  return (
    <>
      <PageHead
        crumbs={[{ label: 'Pools', href: '/pools' }]}
        title={<Skeleton className="my-2 w-32" />}
        lead={<Skeleton className="my-1.25 w-[min(384px,80vw)]" />}
      />
      <Panel flush>
        <SkeletonRows rows={8} />
      </Panel>
    </>
  );
}
