import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

/** The pools while they are on the way. */
export function PoolsSkeleton() {
  return (
    <div className="grid gap-3">
      <div className="h-8 rounded-control border border-line bg-panel phone:h-9" />
      <Panel label="Pools" flush footer={<Skeleton className="my-1.25 w-64" />}>
        <SkeletonRows rows={5} tall />
      </Panel>
    </div>
  );
}
