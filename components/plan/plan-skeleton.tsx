import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

/** The panels of a plan while it is on the way. */
export function PlanSkeleton() {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_312px] items-start gap-4 narrow:grid-cols-1">
      <div className="grid min-w-0 gap-4 narrow:row-start-2">
        <Panel title="Checks" flush>
          <SkeletonRows rows={2} tall />
        </Panel>
        <Panel title="What would happen now" flush>
          <SkeletonRows rows={3} />
        </Panel>
        <Panel title="Forecast">
          <Skeleton className="h-67!" />
        </Panel>
        <Panel title="Every instance" flush>
          <SkeletonRows rows={12} />
        </Panel>
      </div>
      <Panel label="Loading">
        <div className="grid gap-3">
          <Skeleton className="w-2/3" />
          <Skeleton className="w-1/2" />
          <Skeleton className="w-3/5" />
          <Skeleton className="h-7!" />
        </div>
      </Panel>
    </div>
  );
}

/** The whole page of a plan while it is on the way. */
export function PlanPageSkeleton({ title }: { title: string }) {
  return (
    <>
      <div className="mb-4">
        <Skeleton className="mb-2 w-32" />
        <h1 className="text-18 font-medium tracking-tight">{title}</h1>
        <Skeleton className="mt-2 w-2/3" />
      </div>
      <PlanSkeleton />
    </>
  );
}
