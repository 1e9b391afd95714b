import { valueText } from '@/components/spec/value-text';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { SpecChange } from '@/server/domain/instance/spec-difference.ts';

interface SpecChangesProps {
  caption: string;
  before: string;
  after: string;
  changes: readonly SpecChange[];
}

/** What differs between two specs, path by path. */
export function SpecChanges({ caption, before, after, changes }: SpecChangesProps) {
  return (
    <Table caption={caption}>
      <TableHead>
        <Column className="w-1/3">Setting</Column>
        <Column className="w-1/3">{before}</Column>
        <Column>{after}</Column>
      </TableHead>
      <TableBody>
        {changes.map((change) => (
          <Row key={change.path}>
            <RowHeader className="font-mono text-12 wrap-anywhere">{change.path}</RowHeader>
            <Cell label={before} wide>
              {change.before === null ? (
                <span className="text-12 text-ink-3">not set</span>
              ) : (
                <del className="font-mono text-12 wrap-anywhere text-ink-2">{valueText(change.before)}</del>
              )}
            </Cell>
            <Cell label={after} wide>
              {change.after === null ? (
                <span className="text-12 text-ink-3">not set</span>
              ) : (
                <ins className="font-mono text-12 wrap-anywhere no-underline">{valueText(change.after)}</ins>
              )}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}
