import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { SessionsLead } from '@/components/session/sessions-lead';
import { SessionsPage } from '@/components/session/sessions-page';
import { activeSessions, lastSessions, sessionListInput, sessionSearch } from '@/components/session/sessions-query';
import { HydrateClient, prefetch, trpc } from '@/components/trpc/server';
import { ButtonLink } from '@/components/ui/button';
import { InPlace } from '@/components/ui/in-place';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';

const loadSessionSearch = createLoader(sessionSearch);

export const metadata: Metadata = { title: 'Sessions' };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const search = await loadSessionSearch(searchParams);
  prefetch(trpc.session.list.queryOptions(activeSessions));
  prefetch(trpc.session.list.queryOptions(lastSessions));
  prefetch(trpc.session.list.queryOptions(sessionListInput(search)));
  prefetch(trpc.pool.list.queryOptions());
  return (
    <HydrateClient>
      <PageHead
        title="Sessions"
        lead={
          <InPlace fallback={<Skeleton className="my-1.25 w-[min(384px,80vw)]" />}>
            <SessionsLead />
          </InPlace>
        }
        actions={
          <>
            <ButtonLink href="/sessions/secrets">Secrets and configs</ButtonLink>
            <ButtonLink href="/sessions/new" variant="primary">
              New session
            </ButtonLink>
          </>
        }
      />
      <InPlace
        fallback={
          <Panel label="Sessions" flush>
            <SkeletonRows rows={8} tall />
          </Panel>
        }
      >
        <SessionsPage />
      </InPlace>
    </HydrateClient>
  );
}
