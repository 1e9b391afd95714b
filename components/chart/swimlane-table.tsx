'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { Lane, LaneSegment, Timeline } from '@/components/chart/swimlane-data';
import { type LaneGroup, waveName } from '@/components/chart/swimlane-rows';
import { hasDeadline, markWords, momentOf } from '@/components/chart/swimlane-view';
import { instanceLook } from '@/components/cluster/instance-look';
import { formatTimer } from '@/components/ui/duration';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { formatSecond } from '@/components/ui/zoned-time';
import type { InstanceState } from '@/server/domain/cluster/cluster';

const STATES = [
  'starting',
  'started',
  'draining',
  'drained',
  'terminating',
] as const satisfies readonly InstanceState[];

interface SwimlaneTableProps {
  caption: string;
  timeline: Timeline;
  groups: readonly LaneGroup[];
  selected: string | null;
  zone: string;
}

/** The same as the picture: a row for each lane in the same order. Only the rows that are seen are drawn. */
export function SwimlaneTable({ caption, timeline, groups, selected, zone }: SwimlaneTableProps) {
  const lanes = groups.flatMap((group) => group.lanes);
  const labels = new Map(lanes.map(({ id, label }) => [id, label]));
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: lanes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 33,
    getItemKey: (index) => lanes[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtualizer.getVirtualItems();
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section
      ref={scroller}
      aria-label={`${caption}, table`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className="max-h-120 overflow-y-auto focus-visible:-outline-offset-2"
    >
      <Table caption={caption} rowCount={lanes.length + 1}>
        <TableHead>
          <Column>Instance</Column>
          <Column>Wave</Column>
          {STATES.map((state) => (
            <Column key={state}>{state}</Column>
          ))}
          <Column>Replaced by</Column>
          <Column>Marks</Column>
        </TableHead>
        <tbody aria-hidden="true">
          <tr style={{ height: items[0]?.start ?? 0 }} />
        </tbody>
        <TableBody>
          {items.map(({ index, key }) => {
            const lane = lanes[index];
            return (
              lane !== undefined && (
                <Row
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  aria-rowindex={index + 2}
                  selected={lane.id === selected}
                >
                  <LaneCells {...{ lane, labels, timeline, zone }} />
                </Row>
              )
            );
          })}
        </TableBody>
        <tbody aria-hidden="true">
          <tr style={{ height: below }} />
        </tbody>
      </Table>
    </section>
  );
}

interface LaneCellsProps {
  lane: Lane;
  labels: ReadonlyMap<string, string>;
  timeline: Timeline;
  zone: string;
}

function LaneCells({ lane, labels, timeline, zone }: LaneCellsProps) {
  return (
    <>
      <RowHeader className="font-mono text-12 tracking-tight whitespace-nowrap">{lane.label}</RowHeader>
      <Cell label="wave" className="whitespace-nowrap">
        {lane.wave === null ? '–' : waveName(lane.wave)}
      </Cell>
      {STATES.map((state) => (
        <Cell key={state} label={state} wide className="text-12 whitespace-nowrap">
          {lane.segments
            .filter((segment) => segment.state === state)
            .map((segment) => (
              <div key={segment.from}>{segmentInWords(segment, timeline, zone)}</div>
            ))}
        </Cell>
      ))}
      <Cell label="by" className="font-mono text-12 whitespace-nowrap">
        {lane.replacedBy === null ? '–' : (labels.get(lane.replacedBy) ?? lane.replacedBy)}
      </Cell>
      <Cell wide className="text-12 text-ink-2">
        {lane.marks.map(({ kind, at, text }) => (
          <div key={`${kind} ${at}`}>
            {formatSecond(at, zone)} {markWords[kind]}: {text}
          </div>
        ))}
        {lane.drainDeadline !== null && hasDeadline(lane, timeline.now) && (
          <div>drain times out at {formatSecond(lane.drainDeadline, zone)}</div>
        )}
      </Cell>
    </>
  );
}

/** "13:50:02 for 3:12, old". */
function segmentInWords(segment: LaneSegment, timeline: Timeline, zone: string): string {
  const { from, to, state, isOld, isUnhealthy } = segment;
  const length = formatTimer((to ?? momentOf(timeline, null)) - from);
  const facts = [
    ...(to === null ? ['goes on'] : []),
    ...(timeline.forecastFrom !== null && from >= timeline.forecastFrom ? ['expected'] : []),
    ...(state === 'started' && isOld ? ['old'] : []),
    ...(isUnhealthy ? [instanceLook.unhealthy.word] : []),
  ];
  return [`${formatSecond(from, zone)} for ${length}`, ...facts].join(', ');
}
