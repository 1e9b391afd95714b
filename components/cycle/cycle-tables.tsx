import { CycleBadge } from '@/components/cycle/cycle-badge';
import { placeSentence } from '@/components/cycle/place-sentence';
import { ProgressBar, progressInWords } from '@/components/cycle/progress-bar';
import { PageLink } from '@/components/ui/page-link';
import { Lasted, RelativeTime, Timer } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { CycleRow } from '@/server/contract/cycle';

/** Cycles that go on or stand still, with what they do now. */
export function ActiveTable({ rows }: { rows: readonly CycleRow[] }) {
  return (
    <Table caption="Active cycles" tall>
      <TableHead>
        <Column>Cluster</Column>
        <Column>State</Column>
        <Column className="w-1/4">Progress</Column>
        <Column className="w-2/5">Now</Column>
        <Column numeric>Since</Column>
        <Column>Asked by</Column>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <CycleHeader row={row} />
            <Cell>
              <CycleBadge state={row.state} />
            </Cell>
            <Cell wide>
              {row.progress !== null && (
                <span className="grid gap-0.5 text-12 text-ink-2">
                  <ProgressBar progress={row.progress} />
                  {progressInWords(row.progress)}
                </span>
              )}
            </Cell>
            <Cell wide className="text-12">
              <Now row={row} />
            </Cell>
            <Cell label="Since" numeric>
              <Timer since={row.startedAt ?? row.createdAt} />
            </Cell>
            <Cell label="By" className="text-ink-2">
              {row.authorName}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function Now({ row }: { row: CycleRow }) {
  const { state, reason, progress } = row;
  if (state === 'approved') return <span className="text-ink-2">{placeSentence(row)}</span>;
  if (reason !== null && state !== 'running') {
    return (
      <span className={state === 'paused' && reason.kind !== 'person' ? 'text-warn' : 'text-ink-2'}>
        {reason.sentence}
      </span>
    );
  }
  return (
    <span className="text-ink-2">
      {progress === null ? 'The first facts are being read.' : `${progress.sentence} ${progress.next}`}
    </span>
  );
}

/** Cycles that are over, with what came of them. */
export function EndedTable({ rows }: { rows: readonly CycleRow[] }) {
  return (
    <Table caption="Ended cycles, the last to end first">
      <TableHead>
        <Column>Cluster</Column>
        <Column>Outcome</Column>
        <Column className="w-2/5">Result</Column>
        <Column numeric>Took</Column>
        <Column>Ended</Column>
        <Column>Asked by</Column>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <CycleHeader row={row} />
            <Cell>
              <CycleBadge state={row.state} />
            </Cell>
            <Cell wide className="text-ink-2">
              {row.progress === null ? 'Nothing was done' : progressInWords({ ...row.progress, leaving: 0 })}
              {row.reason !== null && `. ${row.reason.sentence}`}
            </Cell>
            <Cell label="Took" numeric>
              {row.startedAt === null ? '–' : <Lasted from={row.startedAt} to={row.endedAt} />}
            </Cell>
            <Cell label="Ended" className="text-ink-2">
              {row.endedAt !== null && <RelativeTime at={row.endedAt} />}
            </Cell>
            <Cell label="By" className="text-ink-2">
              {row.authorName}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function CycleHeader({ row: { id, environmentName, clusterName } }: { row: CycleRow }) {
  return (
    <RowHeader className="whitespace-nowrap">
      <PageLink
        href={`/cycles/${id}`}
        className="inline-flex min-h-6 items-center font-medium hover:text-accent hover:underline"
      >
        {environmentName}/{clusterName}
      </PageLink>
    </RowHeader>
  );
}
