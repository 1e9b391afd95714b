import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

/** The layout of a session while it is on its way. */
export function SessionSkeleton() {
  return (
    <>
      <PageHead
        crumbs={[{ label: 'Sessions', href: '/sessions' }, { label: '…' }]}
        title="Session"
        lead={<Skeleton className="mt-1.5 w-120 max-w-full" />}
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Panel title="Components">
          <div className="h-60" />
        </Panel>
        <div className="grid grid-cols-2 gap-4 narrow:grid-cols-1">
          <Panel title="Log" flush>
            <SkeletonRows rows={10} />
          </Panel>
          <Panel title="Results" flush>
            <SkeletonRows rows={6} />
          </Panel>
        </div>
      </div>
    </>
  );
}
