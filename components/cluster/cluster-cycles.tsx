'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { clusterHref } from '@/components/cluster/cluster-href';
import { ClusterPlans } from '@/components/cluster/cluster-plans';
import { cyclesOf } from '@/components/cluster/cluster-view-search';
import { CycleBadge } from '@/components/cycle/cycle-badge';
import { plansToCompare } from '@/components/plan/plans-to-compare';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageLink } from '@/components/ui/page-link';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime, Lasted } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import type { ClusterView } from '@/server/contract/cluster.ts';
import type { CycleRow } from '@/server/contract/cycle.ts';
import type { LiveEvent } from '@/server/contract/live.ts';

/** The cycles of a cluster, newest first, and before them its plans. */
export function ClusterCycles({ cluster }: { cluster: ClusterView }) {
  const trpc = useTRPC();
  const cycles = trpc.cycle.list.queryOptions(cyclesOf(cluster.id));
  const plans = trpc.plan.list.queryOptions(plansToCompare(cluster.id));
  const { data: history } = useSuspenseQuery(cycles);
  const { data: plansOf } = useSuspenseQuery(plans);
  useLive(`cluster:${cluster.id}`, cluster.seq, cycles.queryKey, refetchUnlessFacts);
  useLive(`cluster:${cluster.id}`, cluster.seq, plans.queryKey, refetchUnlessFacts);
  return (
    <div className="grid gap-4">
      <ClusterPlans plans={plansOf.rows} total={plansOf.total} />
      <Panel
        title="Cycles"
        note={history.total > 0 && `${history.total}, newest first`}
        aside={
          history.nextCursor !== null && <TextLink href={`/cycles?q=${encodeURIComponent(cluster.name)}`}>All</TextLink>
        }
        flush
      >
        {history.rows.length === 0 ? (
          <EmptyState
            title="No cycles yet"
            actions={
              cluster.blockedBecause === null && (
                <ButtonLink href={clusterHref(cluster.environment.name, cluster.name, 'preview')}>
                  Preview cycle
                </ButtonLink>
              )
            }
          >
            A cycle replaces the outdated instances of a cluster.{' '}
            {cluster.outdated === 0 ? 'None is outdated now.' : `${cluster.outdated} are outdated now.`}
          </EmptyState>
        ) : (
          <Table caption={`Cycles of ${cluster.name}`} tall>
            <TableHead>
              <Column>Cycle</Column>
              <Column className="w-[36%]">How it went</Column>
              <Column numeric>Replaced</Column>
              <Column>Started</Column>
              <Column numeric>Took</Column>
              <Column>Planned by</Column>
            </TableHead>
            <TableBody>
              {history.rows.map((cycle) => (
                <CycleTableRow key={cycle.id} cycle={cycle} />
              ))}
            </TableBody>
          </Table>
        )}
      </Panel>
    </div>
  );
}

function CycleTableRow({ cycle }: { cycle: CycleRow }) {
  const { progress, startedAt, endedAt } = cycle;
  return (
    <Row>
      <RowHeader>
        <PageLink href={`/cycles/${cycle.id}`} className="inline-flex min-h-6 items-center hover:underline">
          <CycleBadge state={cycle.state} />
        </PageLink>
      </RowHeader>
      <Cell wide className="text-ink-2">
        {outcome(cycle)}
      </Cell>
      <Cell label="Replaced" numeric>
        {progress === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <>
            {progress.replaced}
            <span className="text-ink-3"> / {progress.planned}</span>
          </>
        )}
      </Cell>
      <Cell label="Started">
        {startedAt === null ? <span className="text-ink-3">–</span> : <AbsoluteTime at={startedAt} />}
      </Cell>
      <Cell label="Took" numeric>
        {startedAt === null ? <span className="text-ink-3">–</span> : <Lasted from={startedAt} to={endedAt} />}
      </Cell>
      <Cell label="By" className="text-ink-2">
        {cycle.authorName}
      </Cell>
    </Row>
  );
}

/** What a person has to know of it: why it stands or ended, else what it is at. */
function outcome({ state, reason, progress, waitsForPlace }: CycleRow): string {
  if (reason !== null) return reason.sentence;
  if (state === 'completed') return 'All that was planned was done.';
  if (waitsForPlace !== null) return 'Waits until another cycle of its environment has ended.';
  return progress?.sentence ?? 'Nothing was done yet.';
}

/** The facts of a cluster change many times in a cycle, its lists of cycles and plans do not. */
function refetchUnlessFacts<Data>(data: Data, event: LiveEvent): Data | 'refetch' {
  return event.body.what === 'facts' ? data : 'refetch';
}
