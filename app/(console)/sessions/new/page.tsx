import type { Metadata } from 'next';
import { NewSession } from '@/components/session/new-session';
import { getContext, HydrateClient, prefetch, prefetchOrNotFound, trpc } from '@/components/trpc/server';
import { PageHead } from '@/components/ui/page-head';
import { hasRole } from '@/server/contract/people.ts';

export const metadata: Metadata = { title: 'New session' };

interface NewSessionPageProps {
  /** `from`: the session that the form begins with; `example`: the bundled one. */
  searchParams: Promise<{ from?: string | string[]; example?: string | string[] }>;
}

export default async function NewSessionPage({ searchParams }: NewSessionPageProps) {
  const { viewer } = await getContext();
  const { from, example } = await searchParams;
  const pools = await prefetchOrNotFound(trpc.pool.list.queryOptions());
  const source =
    typeof from === 'string' ? await prefetchOrNotFound(trpc.session.byId.queryOptions({ sessionId: from })) : null;
  prefetch(trpc.secret.list.queryOptions());
  prefetch(trpc.config.list.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        crumbs={[{ label: 'Sessions', href: '/sessions' }]}
        title="New session"
        lead={
          source === null
            ? 'Say what runs where; it is said beside it when that could begin.'
            : `Begins with what ${source.name} ran with. Nothing of that session changes.`
        }
      />
      <NewSession
        initial={source?.spec ?? null}
        isExample={example !== undefined}
        pools={pools.rows}
        canSubmit={viewer !== null && hasRole(viewer.role, 'operator')}
      />
    </HydrateClient>
  );
}
