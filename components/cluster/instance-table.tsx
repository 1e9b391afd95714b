'use client';

import { memo, type ReactNode, startTransition, useReducer } from 'react';
import { Age } from '@/components/cluster/age';
import { clusterHref } from '@/components/cluster/cluster-href';
import { plural } from '@/components/cluster/cluster-sentence';
import { type ClusterViewSearch, clusterViewHref, type InstanceSort } from '@/components/cluster/cluster-view-search';
import { holders } from '@/components/cluster/holders';
import { InstanceFlags } from '@/components/cluster/instance-flags';
import { linkId } from '@/components/cluster/instance-order';
import { NewRows } from '@/components/cluster/new-rows';
import { StateBadge } from '@/components/cluster/state-badge';
import type { SteadyRow } from '@/components/cluster/steady-rows';
import { useSteadyRows } from '@/components/cluster/use-steady-rows';
import { WorkloadName } from '@/components/cluster/workload-name';
import { CopyId } from '@/components/ui/copy-id';
import { Panel } from '@/components/ui/panel';
import { ProgressLine } from '@/components/ui/progress-line';
import { Cell, Column, Row, RowHeader, type SortDirection, Table, TableHead } from '@/components/ui/table';
import { VirtualRows } from '@/components/ui/virtual-rows';
import type { VirtualRowProps } from '@/components/ui/windowed-rows';
import type { ClusterView, InstanceView } from '@/server/contract/cluster.ts';

const ROW_HEIGHT = 33;

const columns = (hasZones: boolean) =>
  `minmax(11rem, 3fr) 7.25rem 5rem 6rem ${hasZones ? '6rem' : ''} minmax(5.5rem, 2fr) minmax(7rem, 3fr)`;

interface InstanceTableProps {
  cluster: ClusterView;
  instances: readonly InstanceView[];
  /** Of which the instances are what has been read. */
  total: number;
  /** More instances or another filter are on the way. */
  isLate: boolean;
  search: ClusterViewSearch;
  onSelect: (id: string | null) => void;
  onNearEnd: () => void;
  footer: ReactNode;
}

export function InstanceTable({ cluster, instances, total, isLate, search, ...rest }: InstanceTableProps) {
  const { onSelect, onNearEnd, footer } = rest;
  const steady = useSteadyRows(instances, idOf);
  const hasZones = instances.some((instance) => instance.zone !== null);
  const sortOf = (key: 'id' | 'state' | 'age') => ({
    direction: sortDirection(search.sort, key),
    href: clusterViewHref(clusterHref(cluster.environment.name, cluster.name), {
      ...search,
      sort: search.sort === key ? `-${key}` : key,
    }),
  });
  return (
    <div>
      <NewRows waiting={steady.waiting} onShow={steady.showAll} />
      <Panel label="Instances" flush footer={footer}>
        <ProgressLine active={isLate} />
        <Table caption={`Instances of ${cluster.name}`} rowCount={total + 1} columns={columns(hasZones)}>
          <TableHead>
            <Column sort={sortOf('id')}>Instance</Column>
            <Column sort={sortOf('state')}>State</Column>
            <Column sort={sortOf('age')}>For</Column>
            <Column>Version</Column>
            {hasZones && <Column>Zone</Column>}
            <Column>Work</Column>
            <Column>Flags</Column>
          </TableHead>
          <VirtualRows
            rows={steady.rows}
            idOf={idOfSteady}
            estimate={ROW_HEIGHT}
            onNearEnd={onNearEnd}
            onSeen={steady.onSeen}
          >
            {({ row, goneAt }, props) => (
              <InstanceTableRow
                {...props}
                instance={row}
                gone={goneAt !== null}
                present={cluster.version}
                hasZones={hasZones}
                selected={row.id === search.instance}
                onSelect={onSelect}
              />
            )}
          </VirtualRows>
        </Table>
      </Panel>
    </div>
  );
}

function idOf({ id }: InstanceView): string {
  return id;
}

function idOfSteady({ row }: SteadyRow<InstanceView>): string {
  return row.id;
}

/** The oldest comes first by `age`, which is the longest time: the column descends. */
function sortDirection(sort: InstanceSort, key: 'id' | 'state' | 'age'): SortDirection | null {
  if (sort !== key && sort !== `-${key}`) return null;
  return (sort === key) === (key !== 'age') ? 'ascending' : 'descending';
}

interface InstanceTableRowProps extends VirtualRowProps {
  instance: InstanceView;
  gone: boolean;
  /** The version that is declared. */
  present: number;
  hasZones: boolean;
  selected: boolean;
  onSelect: (id: string | null) => void;
}

/** Drawn anew only where it has changed: scrolling moves the others. */
const InstanceTableRow = memo(function InstanceTableRow(rowProps: InstanceTableRowProps) {
  const { instance, gone, present, hasZones, selected, onSelect, ...props } = rowProps;
  // What only shows beneath the pointer is drawn when that comes: a long list is scrolled through faster without.
  const [isNear, near] = useReducer(() => true, false);
  const comeNear = () => startTransition(near);
  return (
    <Row {...props} selected={selected} gone={gone} onPointerEnter={comeNear} onFocus={comeNear}>
      <RowHeader>
        <span className="inline-flex max-w-full items-center gap-1.5">
          <button
            type="button"
            id={linkId(instance.id)}
            aria-expanded={selected}
            onClick={() => onSelect(selected ? null : instance.id)}
            className="min-h-6 min-w-0 truncate font-mono text-12 tracking-tight hover:text-accent hover:underline"
          >
            {instance.id}
          </button>
          {isNear && <CopyId value={instance.id} short="" />}
        </span>
      </RowHeader>
      <Cell>
        <StateBadge state={instance.state} outdated={instance.outdated} />
      </Cell>
      <Cell label="For" className="whitespace-nowrap text-ink-2">
        <Age since={instance.stateSince} />
      </Cell>
      <Cell label="Version" className="truncate">
        <InstanceVersion instance={instance} present={present} />
      </Cell>
      {hasZones && (
        <Cell label="Zone" className="truncate text-ink-2">
          {instance.zone ?? '–'}
        </Cell>
      )}
      <Cell label="Work" className="truncate text-ink-2">
        <InstanceWork instance={instance} />
      </Cell>
      <Cell wide>
        <InstanceFlags instance={instance} outdated={instance.outdated} />
      </Cell>
    </Row>
  );
});

/** Who holds it by name, and the rest as a number. */
function InstanceWork({ instance }: { instance: InstanceView }) {
  const [held] = holders(instance);
  const count = instance.workloads.length;
  if (count === 0) return <span className="text-ink-3">idle</span>;
  if (held === undefined) return plural(count, 'workload');
  return (
    <span className="inline-flex max-w-full items-center gap-1.5" title={held.name}>
      <span className="min-w-0 truncate">
        <WorkloadName workload={held} />
      </span>
      {count > 1 && <span>and {count - 1} more</span>}
    </span>
  );
}

export function InstanceVersion({ instance, present }: { instance: InstanceView; present: number }) {
  const version = instance.version === null ? instance.config.slice(0, 7) : `v${instance.version}`;
  if (!instance.outdated) return version;
  return (
    <>
      {version} <span className="text-ink-3">→ v{present}</span>
    </>
  );
}
