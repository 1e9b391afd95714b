'use client';

import { EstimateRange } from '@/components/chart/estimate-range';
import { aheadInWords, rangeInWords, startInWords, wantsInWords } from '@/components/pool/pool-sentence';
import { useClock } from '@/components/ui/clock';
import { EmptyState } from '@/components/ui/empty-state';
import { PageLink } from '@/components/ui/page-link';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import type { PoolView, QueueRow, StartEstimateView } from '@/server/contract/pool.ts';

/** Who waits for a pool, in which order, since when, why, and when the first of them starts as far as one can know. */
export function PoolQueue({ pool: { name, queue, paused } }: { pool: PoolView }) {
  const head = queue.find((row) => row.estimate !== null);
  return (
    <Panel title="Queue" note={queue.length > 0 ? `${queue.length}, the first that fits is next` : undefined} flush>
      {queue.length === 0 ? (
        <EmptyState title="Nobody waits">
          {paused === null
            ? 'Whoever asks for machines that are free gets them at once.'
            : 'The pool is paused, so whoever asks now waits here until somebody resumes it.'}
        </EmptyState>
      ) : (
        <>
          {head !== undefined && head.estimate !== null && <HeadEstimate row={head} estimate={head.estimate} />}
          <Table caption={`Queue of ${name}`}>
            <TableHead>
              <Column numeric>#</Column>
              <Column>What, who</Column>
              <Column>Wants</Column>
              <Column numeric>Since</Column>
              <Column>Starts</Column>
              <Column className="w-2/5">Why it waits</Column>
            </TableHead>
            <TableBody>
              {queue.map((row) => (
                <QueueTableRow key={row.reservationId} row={row} />
              ))}
            </TableBody>
          </Table>
        </>
      )}
    </Panel>
  );
}

function HeadEstimate({ row, estimate }: { row: QueueRow; estimate: StartEstimateView }) {
  const words = useClock((now) => rangeInWords(estimate, now));
  return (
    <div className="border-b border-line px-4 pt-3 pb-2">
      <p className="mb-2 text-pretty text-ink-2 [&_b]:font-medium [&_b]:text-ink">
        <b>{row.name}</b> starts in <b>{words}</b>. {estimate.because} {estimate.mayMove}
      </p>
      <EstimateRange estimate={estimate} words={words} />
    </div>
  );
}

function QueueTableRow({ row }: { row: QueueRow }) {
  const starts = useClock((now) => startInWords(row, now));
  return (
    <Row>
      <Cell numeric className="text-ink-3 phone:hidden!">
        {row.position}
      </Cell>
      <RowHeader>
        <PageLink
          href={row.sessionId === null ? `/reservations/${row.reservationId}` : `/sessions/${row.sessionId}`}
          className="font-medium hover:text-accent hover:underline"
        >
          {row.name}
        </PageLink>{' '}
        <span className="text-ink-3">{row.holderName}</span>
      </RowHeader>
      <Cell label="Wants" wide>
        {wantsInWords(row.wants)}
        {row.priority !== 0 && <span className="text-ink-3"> priority {row.priority}</span>}
      </Cell>
      <Cell label="Since" numeric className="text-ink-2">
        <AbsoluteTime at={row.requestedAt} />
      </Cell>
      <Cell label="Starts" className="whitespace-nowrap">
        {row.estimate === null ? (
          <span className="text-ink-2" title={row.aheadCount > 0 ? `after ${aheadInWords(row)}` : undefined}>
            {starts}
          </span>
        ) : (
          <b className="font-medium">{starts}</b>
        )}
      </Cell>
      <Cell wide className="text-12 text-ink-2">
        {row.why}
      </Cell>
    </Row>
  );
}
