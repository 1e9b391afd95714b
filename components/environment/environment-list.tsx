'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { EnvironmentBanners } from '@/components/cluster/environment-banners';
import { LiveStreams } from '@/components/cluster/live-streams';
import { useTRPC } from '@/components/trpc/client';
import { Tag } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import type { EnvironmentView } from '@/server/contract/cluster';

const EnvironmentSettings = laterPart(
  dynamic(() => import('@/components/environment/environment-settings').then((module) => module.EnvironmentSettings)),
);

const BackEnds = laterPart(
  dynamic(() => import('@/components/environment/back-ends').then((module) => module.BackEnds)),
  <Panel flush title="Back ends">
    <SkeletonRows rows={2} tall />
  </Panel>,
);

/** That a worker is gone is in no event, since nobody is there to send it; nor is it when calls are a minute ago. */
const ASK_AGAIN_MS = 15_000;

/** Every environment with its rules; an administrator changes them here. */
export function EnvironmentList({ mayChange }: { mayChange: boolean }) {
  const query = useTRPC().environment.overview.queryOptions();
  const { data: overview } = useSuspenseQuery({ ...query, refetchInterval: ASK_AGAIN_MS });
  const { environments } = overview;
  const [edited, setEdited] = useState<EnvironmentView | null>(null);
  return (
    <div className="grid gap-4">
      <LiveStreams cursors={overview.cursors} queryKey={query.queryKey} reducer={() => 'refetch'} />
      <EnvironmentBanners environments={environments} />
      <Panel title="Environments" note={environments.length} flush>
        {environments.length === 0 ? (
          <EmptyState title="There is no environment yet">
            An environment is a back end and its rules. An administrator adds one below.
          </EmptyState>
        ) : (
          <Table caption="Environments with their rules" tall>
            <TableHead>
              <Column>Environment</Column>
              <Column numeric>Clusters</Column>
              <Column>Active cycles at once</Column>
              <Column>Approvals of a plan</Column>
              <Column>Its author</Column>
              <Column>Last read</Column>
              {mayChange && (
                <Column>
                  <span className="sr-only">Actions</span>
                </Column>
              )}
            </TableHead>
            <TableBody>
              {environments.map((one) => (
                <Row key={one.id}>
                  <RowHeader className="whitespace-nowrap">
                    <TextLink href={`/clusters?env=${encodeURIComponent(one.name)}`} className="font-medium">
                      {one.name}
                    </TextLink>{' '}
                    <Tag>{one.kind}</Tag>
                  </RowHeader>
                  <Cell label="clusters" numeric>
                    {one.clusters}
                  </Cell>
                  <Cell label="at once" wide>
                    {one.maxActiveCycles ?? 'any number'}
                  </Cell>
                  <Cell label="needs" wide>
                    {one.approvalsNeeded === 1 ? '1 approval' : `${one.approvalsNeeded} approvals`}
                  </Cell>
                  <Cell label="author" wide>
                    {one.selfApproval ? 'may approve' : 'may not approve'}
                  </Cell>
                  <Cell label="read" wide className="text-ink-2">
                    {one.observedAt === null ? 'never' : <RelativeTime at={one.observedAt} />}
                  </Cell>
                  {mayChange && (
                    <Cell wide className="text-right">
                      <Button
                        size="small"
                        aria-label={`Change the rules of ${one.name}`}
                        onClick={() => setEdited(one)}
                      >
                        Change…
                      </Button>
                    </Cell>
                  )}
                </Row>
              ))}
            </TableBody>
          </Table>
        )}
      </Panel>
      <BackEnds overview={overview} mayChange={mayChange} />
      {edited !== null && <EnvironmentSettings environment={edited} onClose={() => setEdited(null)} />}
    </div>
  );
}
