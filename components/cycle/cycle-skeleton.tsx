import { LanesPlaceholder } from '@/components/cycle/lanes-placeholder';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

/** The layout of a cycle while it is on its way. */
export function CycleSkeleton() {
  return (
    <>
      <PageHead
        crumbs={[{ label: 'Cycles', href: '/cycles' }, { label: '…' }]}
        title="Cycle"
        lead={<Skeleton className="mt-1.5 w-120 max-w-full" />}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Panel label="Progress">
          <Skeleton className="mb-3 w-48" />
          <Skeleton className="h-6" />
        </Panel>
        <Skeleton className="h-7 w-64" />
        <LanesPlaceholder />
        <Panel title="Capacity">
          <div className="h-72" />
        </Panel>
        <Panel title="Instances" flush>
          <SkeletonRows rows={8} />
        </Panel>
      </div>
    </>
  );
}
