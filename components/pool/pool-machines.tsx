'use client';

import { useQueryState } from 'nuqs';
import { useState } from 'react';
import { clusterHref } from '@/components/cluster/cluster-href';
import { SyncAge } from '@/components/cluster/sync-age';
import { Countdown } from '@/components/pool/countdown';
import { MachineFlags, MachineHealthBadge, MachineStateBadge } from '@/components/pool/machine-badges';
import { isOutOfService } from '@/components/pool/pool-order';
import { poolViewSearch } from '@/components/pool/pool-search';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { PageLink } from '@/components/ui/page-link';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { Segmented } from '@/components/ui/segmented';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextButton, TextLink } from '@/components/ui/text-link';
import type { MachineRow, PoolView } from '@/server/contract/pool.ts';

const ROWS_AT_ONCE = 200;

interface PoolMachinesProps {
  pool: PoolView;
  /** The viewer may put machines into maintenance. */
  canOperate: boolean;
  /** An action is on its way. */
  isWaiting: boolean;
  onMaintain: (machine: MachineRow) => void;
  onEndMaintenance: (machine: MachineRow) => void;
}

/** Every machine of a pool: what it does, how it is, who holds it and until when. */
export function PoolMachines({ pool, ...rest }: PoolMachinesProps) {
  const [show, setShow] = useQueryState('show', poolViewSearch.show);
  const [limit, setLimit] = useState(ROWS_AT_ONCE);
  const machines = inFixedOrder(pool.machines);
  const hasClusters = pool.clusters.length > 1;
  const out = machines.filter(isOutOfService);
  const shown = show === 'out' ? out : machines;
  return (
    <Panel
      title="Machines"
      flush
      aside={
        <Segmented
          label="Which machines"
          options={[
            { value: 'all', label: 'All', count: machines.length },
            { value: 'out', label: 'Out of service', count: out.length },
          ]}
          value={show}
          onChange={(value) => void setShow(value)}
        />
      }
      footer={
        shown.length > limit ? (
          <>
            {limit} of {shown.length} are drawn.{' '}
            <TextButton onClick={() => setLimit(limit + ROWS_AT_ONCE)}>
              Draw {Math.min(shown.length - limit, ROWS_AT_ONCE)} more
            </TextButton>
          </>
        ) : undefined
      }
    >
      {shown.length === 0 ? (
        <NoMachines pool={pool} onShowAll={() => void setShow('all')} />
      ) : (
        <Table caption={`Machines of ${pool.name}`} rowCount={shown.length}>
          <TableHead>
            <Column>Machine</Column>
            <Column>State</Column>
            <Column>Health</Column>
            <Column className="w-[30%] min-w-48">For, holder</Column>
            <Column numeric>Since</Column>
            <Column numeric>Until, left</Column>
            <Column numeric>Checked</Column>
            <Column>
              <span className="sr-only">Actions</span>
            </Column>
          </TableHead>
          <TableBody>
            {shown.slice(0, limit).map((machine) => (
              <MachineTableRow
                key={`${machine.clusterId} ${machine.instanceId}`}
                machine={machine}
                hasClusters={hasClusters}
                {...rest}
              />
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}

function NoMachines({ pool: { name, machines }, onShowAll }: { pool: PoolView; onShowAll: () => void }) {
  if (machines.length > 0) {
    return (
      <EmptyState
        title={`None of ${machines.length} is out of service`}
        actions={<Button onClick={onShowAll}>Show all</Button>}
      />
    );
  }
  return (
    <EmptyState title="This pool has no machines now">
      Its clusters run none, or none of their machines has the label pool={name} any more.
    </EmptyState>
  );
}

type MachineTableRowProps = Omit<PoolMachinesProps, 'pool'> & { machine: MachineRow; hasClusters: boolean };

function MachineTableRow({
  machine,
  hasClusters,
  canOperate,
  isWaiting,
  onMaintain,
  onEndMaintenance,
}: MachineTableRowProps) {
  const { environmentName, clusterName, instanceId, holder, maintenance } = machine;
  return (
    <Row data-machine={instanceId}>
      <RowHeader>
        <PageLink
          href={clusterHref(environmentName, clusterName, 'instances', instanceId)}
          className="inline-flex min-h-6 max-w-full items-center hover:underline"
        >
          <span className="truncate font-mono text-12 tracking-tight">{instanceId}</span>
        </PageLink>
        {hasClusters && (
          <span className="block truncate text-12 text-ink-3">
            {environmentName}/{clusterName}
          </span>
        )}
      </RowHeader>
      <Cell label="State">
        <span className="inline-flex items-center gap-x-2 narrow:flex-wrap">
          <MachineStateBadge machine={machine} />
          <MachineFlags machine={machine} />
        </span>
      </Cell>
      <Cell label="Health">
        <MachineHealthBadge health={machine.health} />
      </Cell>
      <Cell wide>
        <Holder machine={machine} />
      </Cell>
      <Cell label="Since" numeric className="text-ink-2">
        <Since at={holder?.since ?? maintenance?.since ?? machine.since} />
      </Cell>
      <Cell label="Until" numeric>
        <Until machine={machine} />
      </Cell>
      <Cell label="Checked" numeric>
        <SyncAge observedAt={machine.checkedAt} />
      </Cell>
      <Cell numeric wide>
        {canOperate &&
          (maintenance !== null ? (
            <Button
              size="small"
              disabled={isWaiting}
              aria-label={`End the maintenance of ${instanceId}`}
              onClick={() => onEndMaintenance(machine)}
            >
              End maintenance
            </Button>
          ) : (
            <Button
              size="small"
              variant="quiet"
              disabled={isWaiting}
              aria-label={`Maintenance of ${instanceId}…`}
              onClick={() => onMaintain(machine)}
            >
              Maintenance…
            </Button>
          ))}
      </Cell>
    </Row>
  );
}

/** Whom the machine works for, or why it works for nobody. Nothing where it is free. */
function Holder({ machine: { holder, maintenance, healthReason } }: { machine: MachineRow }) {
  if (holder === null && maintenance === null && healthReason === '') return null;
  return (
    <span className="block text-pretty">
      {holder !== null && (
        <>
          <TextLink
            href={holder.sessionId === null ? `/reservations/${holder.reservationId}` : `/sessions/${holder.sessionId}`}
            className="phone:min-h-0"
          >
            {holder.name}
          </TextLink>{' '}
          <span className="text-ink-3">
            {holder.sessionId !== null && `as ${holder.component}, `}
            {holder.holderName}
          </span>
          {holder.purpose !== '' && holder.purpose !== holder.name && (
            <span className="block text-12 text-ink-2">{holder.purpose}</span>
          )}
        </>
      )}
      {maintenance !== null && (
        <span className={holder === null ? undefined : 'block text-12'}>
          <span className="text-ink-2">
            {holder !== null && 'then maintenance: '}
            {maintenance.note}
          </span>{' '}
          <span className="text-ink-3">{maintenance.byName}</span>
        </span>
      )}
      {healthReason !== '' && <span className="block text-12 text-ink-2">{healthReason}</span>}
    </span>
  );
}

function Since({ at }: { at: number | null }) {
  return at === null ? <Unknown /> : <AbsoluteTime at={at} />;
}

function Until({ machine: { holder, maintenance } }: { machine: MachineRow }) {
  if (holder !== null) {
    return holder.until === null ? <Unknown /> : <Countdown until={holder.until} lengthMs={holder.lengthMs} />;
  }
  if (maintenance === null || maintenance.until === null) return <Unknown />;
  return <Countdown until={maintenance.until} lengthMs={maintenance.until - maintenance.since} />;
}

function Unknown() {
  return <span className="text-ink-3">–</span>;
}

/** A row keeps its place whatever becomes of its machine. */
function inFixedOrder(machines: readonly MachineRow[]): readonly MachineRow[] {
  const place = ({ environmentName, clusterName, instanceId }: MachineRow) =>
    `${environmentName}/${clusterName}/${instanceId}`;
  return machines.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}
