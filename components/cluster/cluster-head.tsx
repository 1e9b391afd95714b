'use client';

import { useQueryState } from 'nuqs';
import { clusterHref } from '@/components/cluster/cluster-href';
import { clusterSentence, plural, serviceSentence } from '@/components/cluster/cluster-sentence';
import { clusterViewHref, clusterViewSearch } from '@/components/cluster/cluster-view-search';
import { holders } from '@/components/cluster/holders';
import { Button, ButtonLink } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { PageHead } from '@/components/ui/page-head';
import { TextLink } from '@/components/ui/text-link';
import type { ClusterView } from '@/server/contract/cluster.ts';

/** The cluster in a sentence, and the one thing to do with it next. */
export function ClusterHead({ cluster, canEdit }: { cluster: ClusterView; canEdit: boolean }) {
  const { environment, name } = cluster;
  const href = clusterHref(environment.name, name);
  return (
    <PageHead
      crumbs={[
        { label: 'Clusters', href: '/clusters' },
        { label: environment.name, href: `/clusters?env=${encodeURIComponent(environment.name)}` },
      ]}
      title={name}
      lead={<ClusterLead cluster={cluster} />}
      actions={
        <>
          {canEdit && <ButtonLink href={clusterViewHref(href, { tab: 'config', edit: true })}>Edit</ButtonLink>}
          <NextStep cluster={cluster} previewHref={clusterHref(environment.name, name, 'preview')} />
        </>
      }
    />
  );
}

function ClusterLead({ cluster }: { cluster: ClusterView }) {
  const strong = useClock((now) => clusterSentence(cluster, now).strong);
  const rest = useClock((now) => clusterSentence(cluster, now).rest);
  const { activeCycle } = cluster;
  return (
    <>
      <b>{strong}</b>
      {rest} {cluster.observedAt !== null && serviceSentence(cluster)}{' '}
      {activeCycle === null ? (
        'Nothing is running.'
      ) : (
        <>
          A cycle is <TextLink href={`/cycles/${activeCycle.id}`}>{activeCycle.state}</TextLink>.
        </>
      )}{' '}
      <HeldMachines cluster={cluster} />
    </>
  );
}

function HeldMachines({ cluster: { instances, labels, size } }: { cluster: ClusterView }) {
  const held = instances.filter((instance) => holders(instance).length > 0).length;
  const { pool } = labels;
  if (held === 0 && !pool) return null;
  return (
    <>
      {held === 0 ? 'None' : held} of its {plural(size, 'machine')} {held > 1 ? 'are' : 'is'} held
      {pool && (
        <>
          , see pool <TextLink href={`/pools/${encodeURIComponent(pool)}`}>{pool}</TextLink>
        </>
      )}
      .
    </>
  );
}

function NextStep({ cluster, previewHref }: { cluster: ClusterView; previewHref: string }) {
  // While something is edited, saving it comes first.
  const [isEditing] = useQueryState('edit', clusterViewSearch.edit);
  const variant = isEditing ? 'plain' : 'primary';
  const { activeCycle, blockedBecause } = cluster;
  if (activeCycle !== null) {
    return (
      <ButtonLink variant={variant} href={`/cycles/${activeCycle.id}`}>
        Watch the running cycle
      </ButtonLink>
    );
  }
  if (blockedBecause !== null) {
    return (
      <Button variant={variant} disabledReason={`${capital(blockedBecause)}.`}>
        Preview cycle
      </Button>
    );
  }
  return (
    <ButtonLink variant={variant} href={previewHref}>
      Preview cycle
    </ButtonLink>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
