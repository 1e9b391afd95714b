import { Fragment } from 'react';
import { clusterHref } from '@/components/cluster/cluster-href';
import { decisionLooks } from '@/components/plan/decision-badge';
import { decisionKinds } from '@/components/plan/decision-rows';
import { Emphasis } from '@/components/plan/emphasis';
import { marginOf, warningsOf } from '@/components/plan/fleet-summary';
import { Badge } from '@/components/ui/badge';
import { Panel } from '@/components/ui/panel';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import type { FleetPreviewRow } from '@/server/contract/fleet-plan';
import { roughly } from '@/server/domain/cycle/duration-words';

/** The clusters that can be cycled, each with what would become of it. */
export function FleetClusters({ rows }: { rows: readonly FleetPreviewRow[] }) {
  return (
    <Panel title="Clusters" note={rows.length} flush>
      {rows.length === 0 ? (
        <p className="px-4 py-3 text-ink-2">None of them can be cycled now.</p>
      ) : (
        <Table caption="Clusters that can be cycled" tall>
          <TableHead>
            <Column>Cluster</Column>
            <Column className="w-2/5">What would be done</Column>
            <Column>Decisions</Column>
            <Column numeric>Waves</Column>
            <Column numeric>Lowest</Column>
            <Column numeric>p50, p90</Column>
            <Column numeric>Warnings</Column>
          </TableHead>
          <TableBody>
            {rows.map((row) => (
              <Row key={row.clusterId}>
                <RowHeader className="whitespace-nowrap">
                  <PreviewLink row={row} />
                </RowHeader>
                <Cell wide className="text-12 text-pretty text-ink-2">
                  <Emphasis sentence={row.sentence} />
                </Cell>
                <Cell label="decides" wide className="text-12 whitespace-nowrap">
                  <Decisions decisions={row.decisions} />
                </Cell>
                <Cell label="waves" numeric>
                  {row.waves}
                </Cell>
                <Cell label="lowest" numeric>
                  {row.lowest}
                  <span className={marginOf(row) < 0 ? 'text-warn' : 'text-ink-3'}> floor {row.floor}</span>
                </Cell>
                <Cell label="takes" numeric>
                  {roughly(row.durationMs.p50)}
                  <span className="block text-12 text-ink-3">{roughly(row.durationMs.p90)}</span>
                </Cell>
                <Cell label="warns" numeric>
                  {warningsOf(row).length || <span className="text-ink-3">–</span>}
                </Cell>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}

/** The clusters that something blocks, and what. */
export function LeftOut({ rows }: { rows: readonly FleetPreviewRow[] }) {
  return (
    <Panel title="Left out" note={rows.length} aside="no plan is made for these" flush>
      <Table caption="Clusters that cannot be cycled">
        <TableHead>
          <Column className="w-1/4">Cluster</Column>
          <Column>Because</Column>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <Row key={row.clusterId}>
              <RowHeader className="whitespace-nowrap">
                <PreviewLink row={row} />
              </RowHeader>
              <Cell wide className="text-pretty">
                {row.checks
                  .filter((check) => check.level === 'blocker')
                  .map((check) => check.sentence)
                  .join(' ')}
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}

function PreviewLink({ row: { environmentName, clusterName } }: { row: FleetPreviewRow }) {
  return (
    <TextLink href={clusterHref(environmentName, clusterName, 'preview')}>
      {environmentName}/{clusterName}
    </TextLink>
  );
}

function Decisions({ decisions }: Pick<FleetPreviewRow, 'decisions'>) {
  const kinds = decisionKinds.filter((kind) => decisions[kind] !== undefined);
  return (
    <span className="flex flex-wrap gap-x-3">
      {kinds.map((kind) => (
        <Fragment key={kind}>
          <Badge shape={decisionLooks[kind].shape} tone={decisionLooks[kind].tone}>
            {decisions[kind]} {decisionLooks[kind].word}
          </Badge>
        </Fragment>
      ))}
    </span>
  );
}
