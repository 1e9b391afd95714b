'use client';

import { useParams } from 'next/navigation';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

/** An unknown pool leads to the nearest thing that there is. */
export default function PoolNotFound() {
  const name = decodeURIComponent(useParams<{ pool: string }>().pool);
  return (
    <EmptyState
      title={`There is no pool ${name}`}
      level={1}
      actions={
        <>
          <ButtonLink href="/pools">Go to pools</ButtonLink>
          <ButtonLink href={`/activity?q=${encodeURIComponent(name)}`}>What was done to {name}</ButtonLink>
        </>
      }
    >
      No machine has the label pool={name} now, and nobody waits for one. A pool shows again as soon as a machine of it
      is read.
    </EmptyState>
  );
}
