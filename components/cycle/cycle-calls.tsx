'use client';

import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { callMatches, stepOf } from '@/components/cycle/call-filter';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { EmptyState } from '@/components/ui/empty-state';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextButton } from '@/components/ui/text-link';
import type { BackEndCallView } from '@/server/contract/cycle';

const SHOWN = 25;

interface CycleCallsProps {
  calls: readonly BackEndCallView[];
  /** Calls before this moment are not kept here; null = all are. */
  keptFrom: number | null;
}

/** The calls that this cycle made to the back end, the newest first. */
export function CycleCalls({ calls, keptFrom }: CycleCallsProps) {
  const [words, setWords] = useQueryState('call', parseAsString.withDefault(''));
  const [all, setAll] = useState(false);
  const matching = calls.filter((call) => callMatches(call, words));
  const shown = all ? matching : matching.slice(0, SHOWN);
  const failed = calls.filter((call) => call.result !== 'ok').length;
  return (
    <Panel
      title="Back-end calls"
      note={`${calls.length}, ${failed} failed`}
      flush
      aside={
        <Input
          type="search"
          aria-label="Filter the calls"
          placeholder="Filter calls"
          className="w-56 phone:w-full"
          value={words}
          onChange={(event) => void setWords(event.target.value || null)}
        />
      }
    >
      {keptFrom !== null && (
        <p className="border-b border-line px-4 py-1.5 text-12 text-ink-2">
          Only the newest calls are kept here, from <AbsoluteTime at={keptFrom} /> on; the steps name them all.
        </p>
      )}
      {calls.length === 0 ? (
        <EmptyState title={keptFrom === null ? 'No call has been made yet' : 'No call of then is kept'}>
          Reads that went well are not kept; everything that changes the back end is.
        </EmptyState>
      ) : matching.length === 0 ? (
        <EmptyState
          title={`“${words}” hides all ${calls.length}`}
          actions={<Button onClick={() => void setWords(null)}>Clear the filter</Button>}
        />
      ) : (
        <Table caption="Calls to the back end, the newest first">
          <TableHead>
            <Column>Time</Column>
            <Column>Call</Column>
            <Column>Object</Column>
            <Column>Step</Column>
            <Column numeric>Took</Column>
            <Column>Result, request</Column>
          </TableHead>
          <TableBody>
            {shown.map((call) => (
              <Row key={call.id}>
                <Cell className="font-mono text-12 text-ink-2">
                  <AbsoluteTime at={call.at} />
                </Cell>
                <RowHeader>
                  <span className="font-mono text-12">{call.operation}</span>
                </RowHeader>
                <Cell wide className="text-12 wrap-anywhere text-ink-2">
                  {call.detail}
                </Cell>
                <Cell label="Step" className="font-mono text-12 text-ink-2">
                  {call.token === null ? '–' : <span title={call.token}>{stepOf(call.token)}</span>}
                </Cell>
                <Cell label="Took" numeric className="text-12">
                  {call.durationMs} ms
                </Cell>
                <Cell wide className="text-12">
                  <span className="flex flex-wrap items-center gap-x-2">
                    <span className={call.result === 'ok' ? undefined : 'wrap-anywhere text-bad'}>{call.result}</span>
                    <CopyId value={call.id} short={call.id.slice(0, 8)} />
                  </span>
                </Cell>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
      {shown.length < matching.length && (
        <div className="border-t border-line px-4 py-1">
          <TextButton onClick={() => setAll(true)}>Show {matching.length - shown.length} earlier calls</TextButton>
        </div>
      )}
    </Panel>
  );
}
