'use client';

import { useParams } from 'next/navigation';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** An unknown cluster leads to the nearest thing that there is. */
export default function ClusterNotFound() {
  const { env, cluster } = useParams<{ env: string; cluster: string }>();
  const environment = decodeURIComponent(env);
  const name = decodeURIComponent(cluster);
  return (
    <EmptyState
      title={`There is no cluster ${name} in ${environment}`}
      level={1}
      actions={
        <>
          <ButtonLink href={`/clusters?env=${encodeURIComponent(environment)}`}>Clusters of {environment}</ButtonLink>
          <ButtonLink href={`/activity?q=${encodeURIComponent(name)}`}>What was done to {name}</ButtonLink>
        </>
      }
    >
      It was removed, or never was. Who removed a cluster, and when, stands under Activity.
    </EmptyState>
  );
}
