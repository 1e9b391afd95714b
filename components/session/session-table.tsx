import { HealthStripe } from '@/components/chart/health-stripe';
import { SessionBadge } from '@/components/session/session-badge';
import { wantsInWords, workingTime } from '@/components/session/session-sentence';
import { PageLink } from '@/components/ui/page-link';
import { Lasted, RelativeTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { SessionRow } from '@/server/contract/session';

/** Sessions, the newest first: how each stands, how well it was, what it took. */
export function SessionTable({ rows }: { rows: readonly SessionRow[] }) {
  return (
    <Table caption="Sessions, the newest first" tall>
      <TableHead>
        <Column>Session</Column>
        <Column>State</Column>
        <Column className="w-1/5">Health</Column>
        <Column>Machines</Column>
        <Column>Submitted</Column>
        <Column numeric>Took</Column>
        <Column>Owner</Column>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <Row key={row.id}>
            <RowHeader className="max-w-80">
              <PageLink
                href={`/sessions/${row.id}`}
                className="inline-flex min-h-6 items-center font-medium hover:text-accent hover:underline"
              >
                {row.name}
              </PageLink>
            </RowHeader>
            <Cell wide>
              <SessionBadge session={row} />
              {row.position !== null && (
                <span className="ml-2 text-12 text-ink-2">{ordinal(row.position)} in the queue</span>
              )}
            </Cell>
            <Cell wide className="phone:min-h-4!">
              {row.stripe.length > 0 && <HealthStripe spans={row.stripe} until={row.endedAt} />}
            </Cell>
            <Cell label="Wants" wide className="text-ink-2">
              {wantsInWords(row.wants)}
            </Cell>
            <Cell label="Since" className="text-ink-2">
              <RelativeTime at={row.createdAt} />
            </Cell>
            <Cell label="Took" numeric>
              <Took row={row} />
            </Cell>
            <Cell label="Owner" className="text-ink-2">
              {row.ownerName}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** One that waits has taken nothing yet. */
function Took({ row }: { row: SessionRow }) {
  const time = workingTime(row);
  return time === null ? '–' : <Lasted {...time} />;
}

function ordinal(position: number): string {
  const ending =
    position % 100 >= 11 && position % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][position % 10] ?? 'th');
  return `${position}${ending}`;
}
