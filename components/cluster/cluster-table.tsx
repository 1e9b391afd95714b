import Link from 'next/link';
import { ClusterCycle } from '@/components/cluster/cluster-cycle';
import { clusterHref } from '@/components/cluster/cluster-href';
import { DriftAge } from '@/components/cluster/drift-age';
import { StateBar } from '@/components/cluster/state-bar';
import { SyncAge } from '@/components/cluster/sync-age';
import { Glyph } from '@/components/ui/glyph';
import { Skeleton } from '@/components/ui/skeleton';
import { Cell, Column, Row, RowHeader, type SortDirection, Table, TableBody, TableHead } from '@/components/ui/table';
import type { ClusterRow } from '@/server/contract/cluster.ts';

export type ClusterColumn = 'name' | 'size' | 'outdated' | 'drift';

interface ClusterTableProps {
  rows: readonly ClusterRow[];
  /** How the list is sorted by a column, and where it is sorted by it. */
  sortOf: (column: ClusterColumn) => { direction: SortDirection | null; href: string };
  /** Of the environment of a cluster: whether its facts are old, for a reason that a banner tells. */
  isBroken: (environmentId: string) => boolean;
}

export function ClusterTable({ rows, sortOf, isBroken }: ClusterTableProps) {
  return (
    <Table caption="Clusters" tall>
      <ClusterTableHead sortOf={sortOf} />
      <TableBody>
        {rows.map((row) => (
          <ClusterTableRow key={row.id} row={row} stale={row.observeError !== null || isBroken(row.environment.id)} />
        ))}
      </TableBody>
    </Table>
  );
}

function ClusterTableHead({ sortOf }: { sortOf?: ClusterTableProps['sortOf'] }) {
  return (
    <TableHead>
      <Column sort={sortOf?.('name')} className="w-[18%]">
        Cluster
      </Column>
      <Column>Back end</Column>
      <Column numeric>min / target / max</Column>
      <Column sort={sortOf?.('size')} className="w-[24%]">
        Instances by state
      </Column>
      <Column numeric sort={sortOf?.('outdated')}>
        Outdated
      </Column>
      <Column numeric sort={sortOf?.('drift')}>
        Drift
      </Column>
      <Column className="w-[16%]">Cycle</Column>
      <Column numeric className="min-w-28">
        Synced
      </Column>
    </TableHead>
  );
}

function ClusterTableRow({ row, stale }: { row: ClusterRow; stale: boolean }) {
  const { environment, name, outdated, size } = row;
  return (
    <Row stale={stale}>
      <RowHeader>
        <Link
          href={clusterHref(environment.name, name)}
          className="inline-flex min-h-6 max-w-full items-center hover:underline"
        >
          <span className="truncate">
            <span className="text-ink-3">{environment.name}/</span>
            <span className="font-medium">{name}</span>
          </span>
        </Link>
      </RowHeader>
      <Cell label="Back end" className="text-ink-2">
        {environment.kind}
      </Cell>
      <Cell label="Size" numeric>
        <span className="text-ink-3">{row.minSize} / </span>
        {row.targetSize}
        <span className="text-ink-3"> / {row.maxSize}</span>
      </Cell>
      <Cell wide className="min-w-52">
        <StateBar counts={row.counts} />
      </Cell>
      <Cell label="Outdated" numeric>
        {outdated === 0 ? (
          <span className="text-ink-3">0 / {size}</span>
        ) : (
          <>
            <b className="font-medium">{outdated}</b>
            <span className="text-ink-3"> / {size}</span>
          </>
        )}
      </Cell>
      <Cell label="Drift" numeric>
        <DriftAge since={row.driftSince} />
      </Cell>
      <Cell label="Cycle" wide={row.activeCycle !== null || row.lastCycle !== null}>
        <ClusterCycle activeCycle={row.activeCycle} lastCycle={row.lastCycle} />
      </Cell>
      <Cell label="Synced" numeric>
        {row.observeError === null ? (
          <SyncAge observedAt={row.observedAt} />
        ) : (
          <span title={row.observeError} className="inline-flex items-center gap-1.5 text-warn">
            <Glyph shape="triangle-full" className="text-mark-draining" />
            <span className="sr-only">{row.observeError}: </span>
            <SyncAge observedAt={row.observedAt} />
          </span>
        )}
      </Cell>
    </Row>
  );
}

/** The table while its rows are on the way, as tall as they will be. */
export function ClusterTableSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" aria-label="Loading clusters">
      <Table caption="Clusters" tall>
        <ClusterTableHead />
        <TableBody>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
            <Row key={row}>
              <RowHeader>
                <Skeleton className="w-28" />
              </RowHeader>
              <Cell>
                <Skeleton className="w-14" />
              </Cell>
              <Cell numeric>
                <Skeleton className="ml-auto w-20" />
              </Cell>
              <Cell wide className="min-w-52">
                <Skeleton className="h-4! w-full" />
              </Cell>
              <Cell numeric>
                <Skeleton className="ml-auto w-10" />
              </Cell>
              <Cell numeric>
                <Skeleton className="ml-auto w-8" />
              </Cell>
              <Cell wide>
                <Skeleton className="w-24" />
              </Cell>
              <Cell numeric wide>
                <Skeleton className="ml-auto w-14" />
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
