'use client';

import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { ClusterHead } from '@/components/cluster/cluster-head';
import { clusterHref } from '@/components/cluster/cluster-href';
import { clusterViewHref, clusterViewSearch } from '@/components/cluster/cluster-view-search';
import { STALE_AFTER_MS } from '@/components/cluster/live-cluster';
import { useLiveCluster } from '@/components/cluster/use-live-cluster';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { InPlace } from '@/components/ui/in-place';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Tabs } from '@/components/ui/tabs';
import type { ClusterView } from '@/server/contract/cluster.ts';

const ClusterInstances = laterPart(
  dynamic(() => import('@/components/cluster/cluster-instances').then((module) => module.ClusterInstances)),
);

const ClusterConfig = laterPart(
  dynamic(() => import('@/components/cluster/cluster-config').then((module) => module.ClusterConfig)),
);
const ClusterCycles = laterPart(
  dynamic(() => import('@/components/cluster/cluster-cycles').then((module) => module.ClusterCycles)),
);

interface ClusterPageProps {
  environment: string;
  name: string;
  /** The viewer may change what is declared. */
  canEdit: boolean;
}

/** One cluster: what runs, what ran, and what is declared. */
export function ClusterPage({ environment, name, canEdit }: ClusterPageProps) {
  const { cluster, isRemoved } = useLiveCluster(environment, name);
  const [tab] = useQueryState('tab', clusterViewSearch.tab);
  const href = clusterHref(environment, name);
  return (
    <>
      <ClusterHead cluster={cluster} canEdit={canEdit} />
      <div className="mb-4 grid gap-2 empty:hidden">
        {isRemoved && (
          <Banner
            tone="bad"
            announce
            actions={
              <ButtonLink size="small" href="/clusters">
                Go to clusters
              </ButtonLink>
            }
          >
            <b className="font-medium">{name}</b> was removed. What is shown is the last that was known of it.
          </Banner>
        )}
        <UnreadBanner cluster={cluster} />
      </div>
      <Tabs
        label={`Views of ${name}`}
        tabs={[
          { href, label: 'Instances', current: tab === 'instances', count: cluster.size },
          { href: clusterViewHref(href, { tab: 'cycles' }), label: 'Cycles', current: tab === 'cycles' },
          { href: clusterViewHref(href, { tab: 'config' }), label: 'Config', current: tab === 'config' },
        ]}
      />
      {tab === 'instances' && <ClusterInstances cluster={cluster} />}
      {tab === 'cycles' && (
        <InPlace
          fallback={
            <Panel flush>
              <SkeletonRows rows={4} tall />
            </Panel>
          }
        >
          <ClusterCycles cluster={cluster} />
        </InPlace>
      )}
      {tab === 'config' && <ClusterConfig cluster={cluster} canEdit={canEdit} />}
    </>
  );
}

function UnreadBanner({ cluster: { observeError, observedAt } }: { cluster: ClusterView }) {
  // What else of a read failed leaves the instances as they were seen a moment ago.
  const isOld = useClock((now) => observedAt !== null && now - observedAt > STALE_AFTER_MS);
  if (observeError === null) return null;
  return (
    <Banner tone="warn" announce>
      The last read of this cluster failed: {observeError}.{' '}
      {isOld && observedAt !== null && (
        <>
          What is shown is from <AbsoluteTime at={observedAt} />.{' '}
        </>
      )}
      It is tried again by itself.
    </Banner>
  );
}
