import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

export default function Loading() {
  return (
    <>
      <PageHead title="Sessions" lead={<Skeleton className="my-1.25 w-[min(384px,80vw)]" />} />
      <Panel label="Sessions" flush>
        <SkeletonRows rows={8} tall />
      </Panel>
    </>
  );
}
