'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { FleetClusters, LeftOut } from '@/components/plan/fleet-clusters';
import { FleetEnvironments } from '@/components/plan/fleet-environments';
import type { FleetInput } from '@/components/plan/fleet-search';
import { fleetTotals, marginWords, parted, warningKinds, warningsOf } from '@/components/plan/fleet-summary';
import { FleetWarnings } from '@/components/plan/fleet-warnings';
import { SaveFleet } from '@/components/plan/save-fleet';
import { useTicks } from '@/components/plan/use-ticks';
import { useTRPC } from '@/components/trpc/client';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageHead } from '@/components/ui/page-head';
import type { FleetPreviewRow, FleetPreviewView } from '@/server/contract/fleet-plan';
import { roughly } from '@/server/domain/cycle/duration-words';

/** Often enough for a page that is read for a while; what was seen is checked when it is saved. */
const AGAIN_MS = 30_000;

interface FleetPreviewProps {
  input: FleetInput;
  /** Whether the viewer may ask for approvals. */
  mayRequest: boolean;
}

/** What cycles of many clusters would do, each with what it stores; and the plans of all of them in one step. */
export function FleetPreview({ input, mayRequest }: FleetPreviewProps) {
  const query = useTRPC().plan.previewMany.queryOptions(input);
  const { data: view } = useSuspenseQuery({ ...query, refetchInterval: AGAIN_MS });
  const { isTicked, tick } = useTicks();
  const { ready, leftOut } = parted(view.rows);
  // The clusters of a kind are ticked with it, each by the sentence that was read.
  const toTick = (row: FleetPreviewRow) =>
    warningsOf(row).map(({ sentence }) => ({ sentence: `${row.clusterId} ${sentence}` }));
  const isRead = (row: FleetPreviewRow) => toTick(row).every(isTicked);
  return (
    <>
      <PageHead
        crumbs={[{ label: 'Clusters', href: '/clusters' }]}
        title="Fleet preview"
        lead={<Lead view={view} ready={ready} />}
      />
      {view.rows.length === 0 ? (
        <EmptyState
          title="No cluster is chosen, or none is there any more"
          actions={<ButtonLink href="/clusters">Go to clusters</ButtonLink>}
        >
          Choose clusters in the list, or filter it, and preview them together.
        </EmptyState>
      ) : (
        <div className="grid gap-4">
          <Missing view={view} />
          <div className="grid grid-cols-[minmax(0,1fr)_312px] items-start gap-4 narrow:grid-cols-1">
            <div className="grid min-w-0 gap-4 narrow:row-start-2">
              <FleetWarnings
                kinds={warningKinds(ready)}
                isTicked={(row, check) => isTicked({ sentence: `${row.clusterId} ${check.sentence}` })}
                onTick={(row, check, ticked) => tick({ sentence: `${row.clusterId} ${check.sentence}` }, ticked)}
              />
              {leftOut.length > 0 && <LeftOut rows={leftOut} />}
              <FleetClusters rows={ready} />
              <FleetEnvironments environments={view.environments} />
            </div>
            <SaveFleet
              rows={view.rows}
              totals={fleetTotals(ready, view.environments)}
              environments={view.environments}
              read={ready.filter(isRead)}
              unread={ready.filter((row) => !isRead(row)).length}
              queryKey={query.queryKey}
              mayRequest={mayRequest}
            />
          </div>
        </div>
      )}
    </>
  );
}

function Lead({ view, ready }: { view: FleetPreviewView; ready: readonly FleetPreviewRow[] }) {
  const { terminations, waves, durationMs, nearest } = fleetTotals(ready, view.environments);
  if (nearest === null) return <>None of these clusters can be cycled now.</>;
  return (
    <>
      <b>
        {ready.length} of {view.rows.length}
      </b>{' '}
      {view.rows.length === 1 ? 'cluster' : 'clusters'} can be cycled: <b>{terminations}</b>{' '}
      {terminations === 1 ? 'instance' : 'instances'} would be terminated in {waves} {waves === 1 ? 'wave' : 'waves'}.
      About <b>{roughly(durationMs.p50)}</b> (p50), <b>{roughly(durationMs.p90)}</b> (p90) for all together. Nearest to
      its floor:{' '}
      <b>
        {nearest.environmentName}/{nearest.clusterName}
      </b>
      , {marginWords(nearest)}.
    </>
  );
}

function Missing({ view: { rows, matching, missing } }: { view: FleetPreviewView }) {
  const beyond = matching - rows.length - missing.length;
  if (missing.length === 0 && beyond <= 0) return null;
  return (
    <Banner tone="info">
      {beyond > 0 && (
        <>
          These are the first {rows.length} of {matching} clusters that match: narrow the filter for the others.{' '}
        </>
      )}
      {missing.length > 0 &&
        `${missing.length === 1 ? 'One cluster' : `${missing.length} clusters`} of the address ${missing.length === 1 ? 'is' : 'are'} not there any more.`}
    </Banner>
  );
}
