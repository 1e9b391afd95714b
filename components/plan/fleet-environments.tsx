import { Panel } from '@/components/ui/panel';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { FleetPreviewEnvironment } from '@/server/contract/fleet-plan';
import { roughly } from '@/server/domain/cycle/duration-words';

/** How many cycles each environment lets run at once, and how long all of its clusters take with that. */
export function FleetEnvironments({ environments }: { environments: readonly FleetPreviewEnvironment[] }) {
  if (environments.length === 0) return null;
  return (
    <Panel title="Environments" note={environments.length} aside="beside each other" flush>
      <Table caption="Environments of these clusters">
        <TableHead>
          <Column>Environment</Column>
          <Column numeric>Clusters</Column>
          <Column>At once</Column>
          <Column numeric>All take, p50</Column>
          <Column numeric>p90</Column>
          <Column>Approvals</Column>
        </TableHead>
        <TableBody>
          {environments.map((one) => (
            <Row key={one.id}>
              <RowHeader>{one.name}</RowHeader>
              <Cell label="clusters" numeric>
                {one.clusters}
              </Cell>
              <Cell label="at once" wide>
                {one.places === null ? 'any number' : one.places}
                {one.taken > 0 && <span className="text-ink-2">, {one.taken} active now</span>}
              </Cell>
              <Cell label="p50" numeric>
                {roughly(one.durationMs.p50)}
              </Cell>
              <Cell label="p90" numeric>
                {roughly(one.durationMs.p90)}
              </Cell>
              <Cell label="approve" wide className="text-ink-2">
                {one.approvalsNeeded} each, {one.selfApproval ? 'the author may' : 'not by the author'}
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}
