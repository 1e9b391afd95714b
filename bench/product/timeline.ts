import type { Lane, LaneSegment, Timeline } from '../../components/chart/swimlane-data.ts';
import { drawSwimlanes } from '../../components/chart/swimlane-draw.ts';
import { canvasLooks, readColours } from '../../components/chart/swimlane-looks.ts';
import { groupLanes, layoutRows } from '../../components/chart/swimlane-rows.ts';

const LANES = 1_000;
const WAVE = 50;
const SEGMENTS: readonly LaneSegment['state'][] = [
  ...(['starting', 'started', 'started', 'started', 'started'] as const),
  ...(['started', 'started', 'draining', 'drained', 'terminating'] as const),
];
const SEGMENT_MS = 20_000;
const HEIGHT = 640;

/**
 * Draws the first picture of 1,000 lanes of ten segments when it is called, in a page of the product: they are grouped,
 * laid out and drawn. `isOpen`: lane by lane; else as counts, which is how so many are shown.
 */
export function firstDrawing(isOpen: boolean): () => void {
  const canvas = document.createElement('canvas');
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser draws nothing');
  const timeline = timelineOf();
  return () => {
    const groups = groupLanes(timeline.lanes);
    const rows = layoutRows(groups, new Map(groups.map(({ key }) => [key, isOpen])), timeline);
    canvas.width = 1_200;
    canvas.height = HEIGHT;
    const view = { timeline, rows, shown: timeline, width: 1_200, height: HEIGHT, zone: 'UTC', scroll: 0 };
    const nothing = { cursor: null, selected: null, group: null, dragged: null };
    drawSwimlanes(context, { ...view, ...nothing }, canvasLooks(context, readColours(canvas), 1));
    // What is drawn is there when it can be read.
    context.getImageData(0, 0, 1, 1);
  };
}

function timelineOf(): Timeline {
  const lanes = Array.from({ length: LANES }, (_, index) => laneOf(index));
  const to = (SEGMENTS.length + LANES / WAVE) * SEGMENT_MS;
  return { lanes, from: 0, to, now: to, forecastFrom: null, marks: [] };
}

function laneOf(index: number): Lane {
  const wave = Math.floor(index / WAVE);
  const begun = wave * SEGMENT_MS + (index % WAVE) * 100;
  return {
    id: `lane-${index}`,
    label: `i-${index}`,
    note: 'v2',
    wave,
    segments: SEGMENTS.map((state, place) => ({
      state,
      isOld: place % 2 === 0,
      isUnhealthy: place === 4,
      from: begun + place * SEGMENT_MS,
      to: begun + (place + 1) * SEGMENT_MS,
    })),
    marks: [],
    replacedBy: index % WAVE === 0 ? null : `lane-${index - 1}`,
    drainDeadline: begun + 9 * SEGMENT_MS,
  };
}
