'use client';

import { Fragment, useMemo, useState } from 'react';
import { downloadText } from '@/components/chart/download';
import { holders } from '@/components/cluster/holders';
import { InstanceFlags } from '@/components/cluster/instance-flags';
import { StateBadge } from '@/components/cluster/state-badge';
import { WorkloadName } from '@/components/cluster/workload-name';
import { DecisionBadge, decisionLooks } from '@/components/plan/decision-badge';
import {
  type DecisionRow,
  decisionCounts,
  decisionRows,
  decisionsCsv,
  decisionsJson,
} from '@/components/plan/decision-rows';
import type { NamedWaves } from '@/components/plan/waves';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Cell, Column, Row, RowHeader, Table, TableHead } from '@/components/ui/table';
import { TextButton } from '@/components/ui/text-link';
import { VirtualRows } from '@/components/ui/virtual-rows';
import type { PlanBody } from '@/server/domain/approval/plan';
import type { Workload } from '@/server/domain/cluster/cluster';
import type { DecisionKind } from '@/server/domain/cycle/explain';

interface DecisionsProps {
  body: PlanBody;
  waves: NamedWaves;
  fileName: string;
}

/** What becomes of each instance, and why. */
export function Decisions({ body, waves, fileName }: DecisionsProps) {
  const [chosen, setChosen] = useState<DecisionKind | 'all'>('all');
  const rows = useMemo(() => decisionRows(body, waves), [body, waves]);
  const counts = decisionCounts(rows);
  // The decision that was filtered by may be one of none after a knob was moved.
  const filter = counts.some(({ kind }) => kind === chosen) ? chosen : 'all';
  const shown = filter === 'all' ? rows : rows.filter((row) => row.kind === filter);
  return (
    <Panel
      title="Every instance"
      flush
      aside={
        <>
          <TextButton
            aria-label="Download every instance as CSV"
            onClick={() => downloadText(`${fileName}.csv`, 'text/csv', decisionsCsv(rows))}
          >
            CSV
          </TextButton>
          <TextButton
            aria-label="Download every instance as JSON"
            onClick={() => downloadText(`${fileName}.json`, 'application/json', decisionsJson(rows))}
          >
            JSON
          </TextButton>
        </>
      }
    >
      {rows.length === 0 ? (
        <p className="px-4 py-3 text-ink-2">There is no instance to decide about.</p>
      ) : (
        <>
          {counts.length > 1 && (
            <div className="border-b border-line px-4 py-2">
              <Segmented
                label="Decision"
                value={filter}
                onChange={setChosen}
                options={[
                  { value: 'all', label: 'all', count: rows.length },
                  ...counts.map(({ kind, count }) => ({ value: kind, label: decisionLooks[kind].word, count })),
                ]}
              />
            </div>
          )}
          <Table caption="Every instance with its decision" rowCount={shown.length + 1}>
            <TableHead>
              <Column>Instance</Column>
              <Column>State</Column>
              <Column>Decision</Column>
              <Column>Because</Column>
              <Column>Flags</Column>
            </TableHead>
            <VirtualRows rows={shown} idOf={idOf} estimate={ROW_HEIGHT}>
              {(row, props) => (
                <Row {...props}>
                  <DecisionCells row={row} />
                </Row>
              )}
            </VirtualRows>
          </Table>
        </>
      )}
    </Panel>
  );
}

const ROW_HEIGHT = 33;

function idOf({ id }: DecisionRow): string {
  return id;
}

function DecisionCells({ row }: { row: DecisionRow }) {
  const { id, instance, outdated, version, kind, wave, reason } = row;
  return (
    <>
      <RowHeader className="font-mono text-12 tracking-tight whitespace-nowrap">{id}</RowHeader>
      <Cell label="state" wide className="whitespace-nowrap">
        <StateBadge state={instance.state} outdated={outdated}>
          {version}
        </StateBadge>
      </Cell>
      <Cell label="decision" wide className="whitespace-nowrap">
        <DecisionBadge kind={kind}>
          {wave !== null && (
            <>
              , <b className="font-medium">{wave}</b>
            </>
          )}
        </DecisionBadge>
      </Cell>
      <Cell wide className="text-pretty text-ink-2">
        {reason}
        {isTouched(kind) && <WaitsFor holders={holders(instance)} />}
      </Cell>
      <Cell wide>
        <InstanceFlags instance={instance} outdated={outdated} />
      </Cell>
    </>
  );
}

function isTouched(kind: DecisionKind): boolean {
  return kind !== 'keep' && kind !== 'skip';
}

/** Whoever holds the machine: the cycle does not end it before. */
function WaitsFor({ holders }: { holders: readonly Workload[] }) {
  if (holders.length === 0) return null;
  return (
    <span className="block">
      waits for{' '}
      {holders.map((workload, index) => (
        <Fragment key={workload.name}>
          {index > 0 && ', '}
          <WorkloadName workload={workload} />
        </Fragment>
      ))}
    </span>
  );
}
