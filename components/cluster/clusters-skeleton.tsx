import { ClusterTableSkeleton } from '@/components/cluster/cluster-table-skeleton';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';

/** The clusters page while its data is on the way. */
export function ClustersSkeleton() {
  return (
    <div className="grid gap-3">
      <div className="h-8 rounded-control border border-line bg-panel phone:h-9" />
      <Panel label="Clusters" flush footer={<Skeleton className="my-1.25 w-64" />}>
        <ClusterTableSkeleton rows={13} />
      </Panel>
    </div>
  );
}
