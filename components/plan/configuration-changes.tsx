import { versionStep } from '@/components/plan/version-of';
import { Panel } from '@/components/ui/panel';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { PlanBody } from '@/server/domain/approval/plan';
import type { Json } from '@/server/domain/instance/plugin';

/** Why the outdated instances are outdated: what differs between what they run and what is declared. */
export function ConfigurationChanges({ body }: { body: PlanBody }) {
  const { changes } = body;
  if (changes.length === 0) return null;
  return (
    <Panel title="What is new" note={versionStep(body)} flush>
      <Table caption="Differences of the configuration">
        <TableHead>
          <Column className="w-2/5">Setting</Column>
          <Column>Outdated</Column>
          <Column>New</Column>
        </TableHead>
        <TableBody>
          {changes.map((change) => (
            <Row key={change.path}>
              <RowHeader className="font-mono text-12 wrap-anywhere">{change.path}</RowHeader>
              <Cell label="outdated" wide>
                <del className="font-mono text-12 wrap-anywhere text-ink-2">{valueText(change.before)}</del>
              </Cell>
              <Cell label="new" wide>
                <ins className="font-mono text-12 wrap-anywhere no-underline">{valueText(change.after)}</ins>
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}

function valueText(value: Json): string {
  if (value === null) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
