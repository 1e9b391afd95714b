'use client';

import type { Lane, LaneSegment, Timeline } from '@/components/chart/swimlane-data';
import { type LaneGroup, waveName } from '@/components/chart/swimlane-rows';
import { hasDeadline, markWords, momentOf } from '@/components/chart/swimlane-view';
import { TwinTable } from '@/components/chart/twin-table';
import { instanceLook } from '@/components/cluster/instance-look';
import { formatTimer } from '@/components/ui/duration';
import { Cell, Column, RowHeader } from '@/components/ui/table';
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

/** The same as the picture: a row for each lane in the same order. */
export function SwimlaneTable({ caption, timeline, groups, selected, zone }: SwimlaneTableProps) {
  const lanes = groups.flatMap((group) => group.lanes);
  const labels = new Map(lanes.map(({ id, label }) => [id, label]));
  return (
    <TwinTable
      caption={caption}
      head={
        <>
          <Column>Instance</Column>
          <Column>Wave</Column>
          {STATES.map((state) => (
            <Column key={state}>{state}</Column>
          ))}
          <Column>Replaced by</Column>
          <Column>Marks</Column>
        </>
      }
      rows={lanes}
      idOf={({ id }) => id}
      selected={selected}
      tall
    >
      {(lane) => <LaneCells {...{ lane, labels, timeline, zone }} />}
    </TwinTable>
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
