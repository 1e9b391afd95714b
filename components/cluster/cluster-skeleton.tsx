import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

/** The page of a cluster while it is on the way; without names where the address is not known yet. */
export function ClusterSkeleton({ environment, name }: { environment?: string; name?: string }) {
  return (
    <>
      <PageHead
        crumbs={[
          { label: 'Clusters', href: '/clusters' },
          { label: environment ?? <Skeleton className="my-0.75 w-10" /> },
        ]}
        title={name ?? <Skeleton className="my-1.75 w-24" />}
        lead={<Skeleton className="my-1.25 w-[min(480px,80vw)]" />}
      />
      <div className="mb-4 h-8.5 border-b border-line phone:h-10" />
      <div className="grid gap-4">
        <div className="h-8 rounded-control border border-line bg-panel phone:h-9" />
        <Panel label="Grid of instances">
          <Skeleton className="h-10! w-full" />
        </Panel>
        <Panel label="Instances" flush>
          <SkeletonRows rows={12} />
        </Panel>
      </div>
    </>
  );
}
