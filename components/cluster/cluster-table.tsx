import { memo } from 'react';
import { ClusterCycle } from '@/components/cluster/cluster-cycle';
import { clusterHref } from '@/components/cluster/cluster-href';
import { type ClusterColumn, ClusterTableHead } from '@/components/cluster/cluster-table-head';
import { DriftAge } from '@/components/cluster/drift-age';
import { StateBar } from '@/components/cluster/state-bar';
import type { SteadyRow } from '@/components/cluster/steady-rows';
import { SyncAge } from '@/components/cluster/sync-age';
import { Checkbox } from '@/components/ui/checkbox';
import { Glyph } from '@/components/ui/glyph';
import { PageLink } from '@/components/ui/page-link';
import { Cell, Row, RowHeader, type SortDirection, Table } from '@/components/ui/table';
import { VirtualRows } from '@/components/ui/virtual-rows';
import type { VirtualRowProps } from '@/components/ui/windowed-rows';
import type { ClusterRow } from '@/server/contract/cluster.ts';

const ROW_HEIGHT = 41;

interface ClusterTableProps {
  rows: readonly SteadyRow<ClusterRow>[];
  /** In the whole list, of which the rows are what has been read. */
  total: number;
  /** How the list is sorted by a column, and where it is sorted by it. */
  sortOf: (column: ClusterColumn) => { direction: SortDirection | null; href: string };
  /** Of the environment of a cluster: whether its facts are old, for a reason that a banner tells. */
  isBroken: (environmentId: string) => boolean;
  selected: ReadonlySet<string>;
  onToggle: (id: string, isRange: boolean) => void;
  onToggleAll: () => void;
  onNearEnd: () => void;
  onSeen: (last: number) => void;
}

export function ClusterTable({ rows, total, sortOf, isBroken, selected, onToggle, ...rest }: ClusterTableProps) {
  const { onToggleAll, onNearEnd, onSeen } = rest;
  const chosen = rows.filter(({ row }) => selected.has(row.id)).length;
  const isWhole = rows.length > 0 && chosen === rows.length;
  return (
    <Table caption="Clusters" tall rowCount={total + 1}>
      <ClusterTableHead
        sortOf={sortOf}
        all={{ checked: isWhole, mixed: chosen > 0 && !isWhole, onChange: onToggleAll }}
      />
      <VirtualRows rows={rows} idOf={idOfSteady} estimate={ROW_HEIGHT} onNearEnd={onNearEnd} onSeen={onSeen}>
        {({ row, goneAt }, props) => (
          <ClusterTableRow
            {...props}
            row={row}
            gone={goneAt !== null}
            stale={row.observeError !== null || isBroken(row.environment.id)}
            selected={selected.has(row.id)}
            onToggle={onToggle}
          />
        )}
      </VirtualRows>
    </Table>
  );
}

function idOfSteady({ row }: SteadyRow<ClusterRow>): string {
  return row.id;
}

interface ClusterTableRowProps extends VirtualRowProps {
  row: ClusterRow;
  stale: boolean;
  gone: boolean;
  selected: boolean;
  onToggle: (id: string, isRange: boolean) => void;
}

/** Drawn anew only where it has been read again: others are scrolled past or selected. */
const ClusterTableRow = memo(function ClusterTableRow(rowProps: ClusterTableRowProps) {
  const { row, stale, gone, selected, onToggle, ...props } = rowProps;
  const { environment, name, outdated, size } = row;
  return (
    <Row {...props} stale={stale} gone={gone} selected={selected}>
      <RowHeader>
        <span className="flex items-center gap-2">
          <Checkbox
            aria-label={`Select ${environment.name}/${name}`}
            checked={selected}
            disabled={gone}
            onChange={(event) => {
              const { nativeEvent } = event;
              onToggle(row.id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
            }}
          />
          <PageLink
            href={clusterHref(environment.name, name)}
            className="inline-flex min-h-6 min-w-0 items-center hover:underline"
          >
            <span className="truncate">
              <span className="text-ink-3">{environment.name}/</span>
              <span className="font-medium">{name}</span>
            </span>
          </PageLink>
        </span>
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
        {gone ? 'removed' : <Synced row={row} />}
      </Cell>
    </Row>
  );
});

function Synced({ row: { observeError, observedAt } }: { row: ClusterRow }) {
  if (observeError === null) return <SyncAge observedAt={observedAt} />;
  return (
    <span title={observeError} className="inline-flex items-center gap-1.5 text-warn">
      <Glyph shape="triangle-full" className="text-mark-draining" />
      <span className="sr-only">{observeError}: </span>
      <SyncAge observedAt={observedAt} />
    </span>
  );
}
