'use client';

import { PoolBar } from '@/components/chart/pool-bar';
import { QueueTicks } from '@/components/chart/queue-ticks';
import { Sparkline } from '@/components/chart/sparkline';
import { partLook } from '@/components/pool/pool-look';
import { poolHref, poolViewHref } from '@/components/pool/pool-search';
import { usedShare, waitsInWords } from '@/components/pool/pool-sentence';
import { Badge } from '@/components/ui/badge';
import { useClock } from '@/components/ui/clock';
import { PageLink } from '@/components/ui/page-link';
import { Cell, Column, Row, RowHeader, type SortDirection, Table, TableBody, TableHead } from '@/components/ui/table';
import type { PoolRow } from '@/server/contract/pool.ts';
import { POOL_PARTS } from '@/server/domain/pool/pool.ts';

const DAY_MS = 24 * 3_600_000;
const SPARK_STEP_MS = 60_000;

interface PoolsTableProps {
  rows: readonly PoolRow[];
  sortOf: (column: 'name' | 'free' | 'queue') => { direction: SortDirection | null; href: string };
  /** The bars as numbers, a column for each part. */
  asNumbers: boolean;
}

export function PoolsTable({ rows, sortOf, asNumbers }: PoolsTableProps) {
  return (
    <Table caption="Pools" tall>
      <TableHead>
        <Column sort={sortOf('name')}>Pool</Column>
        <Column numeric sort={sortOf('free')}>
          Free
        </Column>
        {asNumbers ? (
          POOL_PARTS.filter((part) => part !== 'available').map((part) => (
            <Column key={part} numeric>
              {partLook[part].word}
            </Column>
          ))
        ) : (
          <Column className="w-[36%]">Machines by use</Column>
        )}
        <Column sort={sortOf('queue')}>Queue</Column>
        <Column>Used, 24 h</Column>
        <Column numeric>Wait p50 / p90</Column>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <PoolTableRow key={row.name} row={row} asNumbers={asNumbers} />
        ))}
      </TableBody>
    </Table>
  );
}

function PoolTableRow({ row, asNumbers }: { row: PoolRow; asNumbers: boolean }) {
  const { name, parts, capacity, paused } = row;
  return (
    <Row>
      <RowHeader>
        <span className="inline-flex max-w-full items-center gap-2">
          <PageLink
            href={poolHref(name)}
            className="inline-flex min-h-6 min-w-0 items-center font-medium hover:underline"
          >
            <span className="truncate">{name}</span>
          </PageLink>
          {paused !== null && (
            <span title={`${paused.note} (${paused.byName})`}>
              <Badge shape="pause" tone="warn">
                paused
              </Badge>
            </span>
          )}
        </span>
      </RowHeader>
      <Cell label="Free" numeric>
        <b className="font-medium">{parts.available}</b>
        <span className="text-ink-3"> / {capacity}</span>
      </Cell>
      {asNumbers ? (
        POOL_PARTS.filter((part) => part !== 'available').map((part) => (
          <Cell key={part} label={partLook[part].word} numeric>
            {parts[part] === 0 ? <span className="text-ink-3">0</span> : parts[part]}
          </Cell>
        ))
      ) : (
        <Cell wide className="min-w-72 phone:min-w-0">
          <PoolBar parts={parts} />
        </Cell>
      )}
      <Cell wide>
        {row.waiting === 0 ? (
          <QueueTicks waiting={0} oldestSince={null} />
        ) : (
          <PageLink href={poolViewHref(poolHref(name), { tab: 'queue' })} className="hover:underline">
            <QueueTicks waiting={row.waiting} oldestSince={row.oldestWaitSince} />
          </PageLink>
        )}
      </Cell>
      <Cell label="24 h">
        <UseOfDay row={row} />
      </Cell>
      <Cell label="Wait" numeric className="text-ink-2">
        {waitsInWords(row.waits)}
      </Cell>
    </Row>
  );
}

function UseOfDay({ row: { history, name } }: { row: PoolRow }) {
  const to = useClock((now) => now - (now % SPARK_STEP_MS) + SPARK_STEP_MS);
  if (history.length === 0) return <span className="text-ink-3">not yet</span>;
  const points = history.map((sample) => ({ at: sample.at, share: usedShare(sample) }));
  const shares = points.map(({ share }) => Math.round(share * 100));
  const label = `Use of ${name} over 24 hours: ${Math.min(...shares)} to ${Math.max(...shares)} %, now ${shares.at(-1)} %`;
  return <Sparkline label={label} points={points} from={to - DAY_MS} to={to} />;
}
