'use client';

import dynamic from 'next/dynamic';
import { useRef, useState } from 'react';
import { downloadText } from '@/components/chart/download';
import { latencyText, loadCsv } from '@/components/chart/load-series';
import { PictureTools } from '@/components/chart/picture-tools';
import { TwinTable } from '@/components/chart/twin-table';
import { formatFigure, type LoadResults, readLoadResults } from '@/components/session/load-results';
import { EmptyState } from '@/components/ui/empty-state';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextButton } from '@/components/ui/text-link';
import type { SessionView } from '@/server/contract/session';

const LoadChart = laterPart(
  dynamic(() => import('@/components/chart/load-chart').then((module) => module.LoadChart)),
  <div className="h-49" />,
);

/** What the driver reported: of the bundled load test as a picture and a table, of any other as it is. */
export function SessionResults({ session }: { session: SessionView }) {
  const { results, outcome, name } = session;
  const [asTable, setAsTable] = useState(false);
  const svg = useRef<SVGSVGElement>(null);
  const load = readLoadResults(results);
  if (results === null) {
    return (
      <Panel title="Results" flush>
        <EmptyState title={outcome === null ? 'No results yet' : 'The driver left no results'}>
          {outcome === null
            ? 'They come when the driver ends: what it writes as JSON into the file that ROUNDHOUSE_RESULTS names.'
            : session.runningAt === null
              ? 'It never ran.'
              : 'It wrote no JSON into the file that ROUNDHOUSE_RESULTS names.'}
        </EmptyState>
      </Panel>
    );
  }
  const json = JSON.stringify(results, null, 2);
  const nameOf = (address: string) =>
    session.executions.find(({ ports }) => ports.some((port) => port.address === address))?.name ?? address;
  return (
    <Panel
      title="Results"
      note={outcome === 'succeeded' || outcome === null ? undefined : 'may be partial'}
      flush
      aside={
        <>
          {load !== null && load.timeline.length > 0 && (
            <PictureTools
              title="load"
              fileName={`${name}-seconds`}
              {...{ asTable, svg }}
              onAsTable={setAsTable}
              csv={() => loadCsv(load.timeline)}
            />
          )}
          <TextButton onClick={() => downloadText(`${name}-results.json`, 'application/json', json)}>JSON</TextButton>
        </>
      }
    >
      {load === null ? (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
          tabIndex={0}
          className="max-h-105 overflow-auto px-4 py-3 font-mono text-12 focus-visible:-outline-offset-2"
        >
          {json}
        </pre>
      ) : (
        <>
          {load.timeline.length > 0 && (
            <div className="border-b border-line">
              {asTable ? <SecondsTable timeline={load.timeline} /> : <LoadChart timeline={load.timeline} svg={svg} />}
            </div>
          )}
          <FiguresTable load={load} nameOf={nameOf} />
        </>
      )}
    </Panel>
  );
}

const figures = [
  { key: 'throughput', label: 'Throughput, requests/s' },
  { key: 'p50Ms', label: 'Latency p50, ms' },
  { key: 'p90Ms', label: 'Latency p90, ms' },
  { key: 'p99Ms', label: 'Latency p99, ms' },
  { key: 'maxMs', label: 'Latency max, ms' },
  { key: 'requests', label: 'Requests' },
  { key: 'errors', label: 'Errors' },
] as const;

interface FiguresTableProps {
  load: LoadResults;
  /** The component that listens on an address. */
  nameOf: (address: string) => string;
}

function FiguresTable({ load: { summary, clients }, nameOf }: FiguresTableProps) {
  return (
    <Table caption="Figures of the whole run and of each client">
      <TableHead>
        <Column>Measure</Column>
        <Column numeric>All</Column>
        {clients.map(({ address }) => (
          <Column key={address} numeric>
            {nameOf(address)}
          </Column>
        ))}
      </TableHead>
      <TableBody>
        {figures.map(({ key, label }) => (
          <Row key={key}>
            <RowHeader>{label}</RowHeader>
            <Cell label="All" numeric className={key === 'errors' && summary.errors > 0 ? 'text-bad' : 'font-medium'}>
              {formatFigure(summary[key])}
            </Cell>
            {clients.map((client) => (
              <Cell key={client.address} label={nameOf(client.address)} numeric className="text-ink-2">
                {formatFigure(client[key])}
              </Cell>
            ))}
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function SecondsTable({ timeline }: { timeline: LoadResults['timeline'] }) {
  return (
    <TwinTable
      caption="Throughput and latency, second by second"
      head={
        <>
          <Column>Second</Column>
          <Column numeric>Requests/s</Column>
          <Column numeric>p50, ms</Column>
          <Column numeric>p99, ms</Column>
        </>
      }
      rows={timeline}
      idOf={({ second }) => String(second)}
    >
      {(one) => (
        <>
          <RowHeader>{one.second}</RowHeader>
          <Cell label="rate" numeric>
            {formatFigure(one.throughput)}
          </Cell>
          <Cell label="p50" numeric>
            {latencyText(one, 'p50Ms')}
          </Cell>
          <Cell label="p99" numeric>
            {latencyText(one, 'p99Ms')}
          </Cell>
        </>
      )}
    </TwinTable>
  );
}
