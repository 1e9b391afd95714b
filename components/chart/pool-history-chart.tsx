'use client';

import { clsx } from 'clsx';
import { type KeyboardEvent, type PointerEvent, type RefObject, useId, useRef, useState } from 'react';
import { PictureTools } from '@/components/chart/picture-tools';
import { capacityOf, describeHistory, historyCsv, poolLayers, sampleAfter } from '@/components/chart/pool-history';
import { historyScale, PoolHistoryPlot } from '@/components/chart/pool-history-plot';
import { TwinTable } from '@/components/chart/twin-table';
import { useWidth } from '@/components/chart/use-width';
import { partLook } from '@/components/pool/pool-look';
import { useClock, useZone } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { Cell, Column, RowHeader } from '@/components/ui/table';
import { formatMoment } from '@/components/ui/zoned-time';
import type { PoolSampleView } from '@/server/contract/pool';

const LONGEST_MS = 24 * 3_600_000;
const SHORTEST_MS = 3_600_000;
const STEP_MS = 60_000;

interface PoolHistoryChartProps {
  /** Oldest first; each holds until the next. */
  samples: readonly PoolSampleView[];
  /** Of downloaded files, without an ending. */
  fileName: string;
}

/** How a pool was used over 24 hours and how long people waited: a picture, the same as a table, and a sentence. */
export function PoolHistoryChart({ samples, fileName }: PoolHistoryChartProps) {
  const [asTable, setAsTable] = useState(false);
  const svg = useRef<SVGSVGElement>(null);
  if (samples.length === 0) {
    return (
      <Panel title="Use and waits" flush>
        <EmptyState title="Nothing has been recorded yet">
          The picture begins when a worker has read the machines of this pool for the first time.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel
      title="Use and waits"
      note="up to 24 hours"
      flush
      aside={
        <PictureTools
          title="use and waits"
          {...{ fileName, asTable, svg }}
          onAsTable={setAsTable}
          csv={() => historyCsv(samples)}
        />
      }
    >
      {asTable ? <HistoryTable samples={samples} /> : <HistoryPicture samples={samples} svg={svg} />}
    </Panel>
  );
}

interface HistoryPictureProps {
  samples: readonly PoolSampleView[];
  svg: RefObject<SVGSVGElement | null>;
}

function HistoryPicture({ samples, svg }: HistoryPictureProps) {
  const summaryId = useId();
  const { zone } = useZone();
  const { ref, width } = useWidth<HTMLDivElement>(820);
  const to = useClock((at) => at - (at % STEP_MS) + STEP_MS);
  const first = samples[0]?.at ?? to;
  const from = Math.max(to - LONGEST_MS, Math.min(first, to - SHORTEST_MS));
  const [cursor, setCursor] = useState<number | null>(null);
  const looked = cursor === null ? null : (samples.findLast((sample) => sample.at <= cursor) ?? null);

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const px = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setCursor(historyScale(from, to, width).invert(px).getTime());
  };
  const step = (event: KeyboardEvent) => {
    const next = sampleAfter(event.key, cursor, samples);
    if (next === undefined) return;
    event.preventDefault();
    setCursor(next);
  };

  return (
    <figure className="m-0">
      <figcaption id={summaryId} className="px-4 pt-3 text-ink-2">
        {describeHistory(samples, zone)}
      </figcaption>
      <div className="px-4 pt-2 phone:px-2">
        <div
          ref={ref}
          role="slider"
          tabIndex={0}
          aria-label="Moment in the history"
          aria-describedby={summaryId}
          aria-valuemin={from}
          aria-valuemax={to}
          aria-valuenow={Math.round(cursor ?? to)}
          aria-valuetext={
            looked === null || cursor === null
              ? 'No moment chosen; arrow keys step from sample to sample'
              : sampleInWords(looked, cursor, zone)
          }
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={(event) => event.pointerType === 'mouse' && setCursor(null)}
          onKeyDown={step}
          className="touch-pan-y"
        >
          <PoolHistoryPlot ref={svg} {...{ samples, from, to, cursor, zone, width }} />
        </div>
      </div>
      <HistoryKey looked={looked} />
    </figure>
  );
}

function sampleInWords({ parts, waiting, oldestWaitMs }: PoolSampleView, at: number, zone: string): string {
  const layers = poolLayers.map((layer) => `${layer.value(parts)} ${layer.word}`);
  const wait = waiting === 0 ? 'nobody waits' : `${waiting} waiting, the oldest ${formatDuration(oldestWaitMs)}`;
  return `${formatMoment(at, zone)}: ${[...layers, `${parts.available} free`, wait].join('; ')}`;
}

/** The key to the picture; at a moment that is looked at it tells the numbers. */
function HistoryKey({ looked }: { looked: PoolSampleView | null }) {
  return (
    <ul
      aria-label="Key"
      className="flex flex-wrap gap-x-3 gap-y-1 border-t border-line px-4 py-2.5 text-12 text-ink-2 [&>li]:inline-flex [&>li]:items-center [&>li]:gap-1.5"
    >
      {poolLayers.map((layer) => (
        <li key={layer.name}>
          <span aria-hidden="true" className={clsx('h-2.5 w-3.5 rounded-[2px]', layer.swatch)} />
          {layer.letter} {layer.word}
          <Looked>{looked && layer.value(looked.parts)}</Looked>
        </li>
      ))}
      <li>
        <span aria-hidden="true" className="h-2.5 w-3.5 rounded-[2px] border border-line-strong bg-panel" />
        {partLook.available.letter} free
        <Looked>{looked?.parts.available ?? null}</Looked>
      </li>
      <li>
        <span aria-hidden="true" className="w-4 border-t-[1.5px] border-ink" />
        capacity
        <Looked>{looked && capacityOf(looked.parts)}</Looked>
      </li>
      <li>
        <span aria-hidden="true" className="h-2.5 w-3.5 rounded-[2px] border border-mark-draining bg-fill-draining" />
        oldest wait
        <Looked>{looked && formatDuration(looked.oldestWaitMs)}</Looked>
      </li>
    </ul>
  );
}

/** Its room is always kept, so that the key never moves under the cursor. */
function Looked({ children }: { children: React.ReactNode }) {
  return <b className="min-w-3.5 font-medium text-ink">{children}</b>;
}

/** The same as the picture, the newest first. */
function HistoryTable({ samples }: { samples: readonly PoolSampleView[] }) {
  return (
    <TwinTable
      caption="Use and waits over up to 24 hours"
      head={
        <>
          <Column>From</Column>
          {poolLayers.map((layer) => (
            <Column key={layer.name} numeric>
              {layer.letter} {layer.word}
            </Column>
          ))}
          <Column numeric>{partLook.available.letter} free</Column>
          <Column numeric>capacity</Column>
          <Column numeric>waiting</Column>
          <Column numeric>oldest wait</Column>
        </>
      }
      rows={samples.toReversed()}
      idOf={({ at }) => String(at)}
    >
      {(sample) => (
        <>
          <RowHeader>
            <AbsoluteTime at={sample.at} />
          </RowHeader>
          {poolLayers.map((layer) => (
            <Cell key={layer.name} label={layer.name} numeric>
              {layer.value(sample.parts)}
            </Cell>
          ))}
          <Cell label="free" numeric>
            {sample.parts.available}
          </Cell>
          <Cell label="capacity" numeric>
            {capacityOf(sample.parts)}
          </Cell>
          <Cell label="waiting" numeric>
            {sample.waiting}
          </Cell>
          <Cell label="wait" numeric>
            {formatDuration(sample.oldestWaitMs)}
          </Cell>
        </>
      )}
    </TwinTable>
  );
}
