'use client';

import dynamic from 'next/dynamic';
import { clusterHref } from '@/components/cluster/cluster-href';
import { clusterViewHref } from '@/components/cluster/cluster-view-search';
import { SyncAge } from '@/components/cluster/sync-age';
import { useLiveCluster } from '@/components/cluster/use-live-cluster';
import { CopyId } from '@/components/ui/copy-id';
import { laterPart } from '@/components/ui/later-part';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';

const InstanceDetails = laterPart(
  dynamic(() => import('@/components/cluster/instance-details').then((module) => module.InstanceDetails)),
);

interface InstancePageProps {
  environment: string;
  name: string;
  instanceId: string;
}

/** The facts of one instance on a page of its own. */
export function InstancePage({ environment, name, instanceId }: InstancePageProps) {
  const { cluster } = useLiveCluster(environment, name);
  const href = clusterHref(environment, name);
  return (
    <>
      <PageHead
        crumbs={[
          { label: 'Clusters', href: '/clusters' },
          { label: environment, href: `/clusters?env=${encodeURIComponent(environment)}` },
          { label: name, href },
          { label: 'Instances', href: clusterViewHref(href, { instance: instanceId }) },
        ]}
        title={<CopyId value={instanceId} />}
      />
      <Panel
        label={`Instance ${instanceId}`}
        flush
        className="max-w-180"
        footer={
          <span className="inline-flex gap-1.5">
            Read <SyncAge observedAt={cluster.observedAt} />
          </span>
        }
      >
        <InstanceDetails cluster={cluster} instanceId={instanceId} />
      </Panel>
    </>
  );
}
