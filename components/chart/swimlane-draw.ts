import { type InstanceKind, instanceKinds } from '../cluster/instance-look.ts';
import { formatSecond } from '../ui/zoned-time.ts';
import { CHARACTER, cut } from './cut.ts';
import type { LaneMarkKind, LaneSegment } from './swimlane-data.ts';
import { drawGroupLabel, drawStrip } from './swimlane-groups.ts';
import { segmentKind } from './swimlane-heat.ts';
import type { SwimlaneLooks } from './swimlane-looks.ts';
import { type LaneRow, type Row, rowOf, rowsWithin } from './swimlane-rows.ts';
import {
  DASH,
  drawLetter,
  isShown,
  LETTER_PX,
  line,
  type Pen,
  paintKind,
  type Sheet,
  sharp,
} from './swimlane-sheet.ts';
import {
  BOTTOM_PX,
  hasDeadline,
  momentOf,
  type SwimlaneView,
  swimlaneScale,
  TOP_PX,
  untilOf,
} from './swimlane-view.ts';
import { timeTicks } from './time-ticks.ts';

const BAR = { top: 4, height: 12 } as const;

/** The whole picture, once, into what is clear. Lengths are CSS pixels: a canvas of more is scaled by the caller. */
export function drawSwimlanes(pen: Pen, view: SwimlaneView, looks: SwimlaneLooks): void {
  const floor = view.height - BOTTOM_PX;
  const rows = rowsWithin(view.rows, view.scroll, view.scroll + floor - TOP_PX);
  const y = (row: Row) => TOP_PX + row.top - view.scroll;
  const sheet: Sheet = { pen, view, looks, scale: swimlaneScale(view), rows, floor, y };
  const lanes = rows.filter((row) => row.kind === 'lane');
  const groups = rows.filter((row) => row.kind === 'group');
  pen.save();
  pen.beginPath();
  pen.rect(0, TOP_PX - 0.5, view.width, floor - TOP_PX + 0.5);
  pen.clip();
  drawChosen(sheet);
  drawTimelineMarks(sheet);
  drawSeparators(sheet);
  for (const group of groups) if (!group.isOpen) drawStrip(sheet, group);
  drawBars(sheet, lanes);
  drawLinks(sheet, lanes);
  drawDeadlines(sheet, lanes);
  drawLaneMarks(sheet, lanes);
  drawLaneLabels(sheet, lanes);
  for (const group of groups) drawGroupLabel(sheet, group);
  pen.restore();
  drawAxis(sheet);
  drawMarkLabels(sheet);
  drawDragged(sheet);
  drawCursor(sheet);
}

/** The chosen lane, or its wave where that is closed, and what the keyboard stands on. */
function drawChosen({ pen, view, looks: { colours }, rows, y }: Sheet): void {
  const { selected, group } = view;
  const ofLane = selected === null ? null : rowOf(view.rows, selected);
  for (const row of rows) {
    const hasKeyboard = row.kind === 'group' && row.key === group;
    if (!hasKeyboard && row !== ofLane) continue;
    pen.fillStyle = colours.accentSoft;
    pen.beginPath();
    pen.rect(0, y(row), view.width, row.height);
    pen.fill();
    pen.fillStyle = colours.accent;
    pen.beginPath();
    pen.rect(0, y(row), 2, row.height);
    pen.fill();
  }
}

function drawTimelineMarks(sheet: Sheet): void {
  const { pen, view, looks, scale, floor } = sheet;
  pen.strokeStyle = looks.colours.lineStrong;
  pen.lineWidth = 1;
  pen.setLineDash(DASH);
  for (const { at } of view.timeline.marks) {
    if (isShown(sheet, at)) line(pen, sharp(scale.x(at)), TOP_PX - 4, sharp(scale.x(at)), floor);
  }
  pen.setLineDash([]);
}

function drawSeparators({ pen, view, looks, rows, y }: Sheet): void {
  pen.strokeStyle = looks.colours.line;
  pen.lineWidth = 1;
  for (const row of rows) {
    if (row.kind === 'group' || row.isFirst) line(pen, 0, sharp(y(row)), view.width, sharp(y(row)));
  }
}

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

interface Bars {
  readonly past: Bar[];
  readonly forecast: Bar[];
}

/** A path for each kind, and not one for each bar: that is what makes a thousand of them cheap. */
function drawBars(sheet: Sheet, rows: readonly LaneRow[]): void {
  const { pen, looks } = sheet;
  const bars = new Map<InstanceKind, Bars>(instanceKinds.map((kind) => [kind, { past: [], forecast: [] }]));
  const letters: { readonly bar: Bar; readonly kind: InstanceKind }[] = [];
  for (const row of rows) {
    for (const segment of row.lane.segments) addBars(sheet, row, segment, bars, letters);
  }
  for (const [kind, { past, forecast }] of bars) {
    for (const part of [past, forecast]) {
      if (part.length === 0) continue;
      pen.beginPath();
      for (const { x, y, width } of part) pen.rect(x, y, width, BAR.height - 1);
      paintKind(sheet, kind, { isForecast: part === forecast });
    }
  }
  pen.font = `550 10px ${looks.colours.font}`;
  pen.textAlign = 'center';
  for (const { bar, kind } of letters) drawLetter(sheet, kind, bar.x + LETTER_PX / 2 - 0.5, bar.y + 9.5);
}

function addBars(
  { view: { timeline, shown }, scale: { x }, y }: Sheet,
  row: LaneRow,
  segment: LaneSegment,
  bars: ReadonlyMap<InstanceKind, Bars>,
  letters: { bar: Bar; kind: InstanceKind }[],
): void {
  const to = segment.to ?? untilOf(timeline);
  if (to < shown.from || segment.from > shown.to || to < segment.from) return;
  const kind = segmentKind(segment);
  const forecastFrom = timeline.forecastFrom ?? Number.POSITIVE_INFINITY;
  const top = y(row) + BAR.top + 0.5;
  const bar = (from: number, end: number): Bar => {
    const start = sharp(x(from));
    return { x: start, y: top, width: Math.max(sharp(x(end)) - start, 1) };
  };
  const hasPast = segment.from < forecastFrom && forecastFrom > shown.from;
  if (hasPast) bars.get(kind)?.past.push(bar(segment.from, Math.min(to, forecastFrom)));
  const hasForecast = to > forecastFrom && forecastFrom < shown.to;
  if (hasForecast) bars.get(kind)?.forecast.push(bar(Math.max(segment.from, forecastFrom), to));
  const whole = bar(segment.from, to);
  if (whole.width >= LETTER_PX) letters.push({ bar: whole, kind });
}

/** From what is replaced, when it begins to go, to what replaces it, when that can serve. */
function drawLinks(sheet: Sheet, rows: readonly LaneRow[]): void {
  const { pen, view, looks, scale, y } = sheet;
  const seen = new Set(rows);
  const replaced = [...view.rows.byLane.values()].filter(({ lane }) => lane.replacedBy !== null);
  pen.strokeStyle = looks.colours.ink3;
  pen.fillStyle = looks.colours.ink3;
  pen.lineWidth = 1;
  for (const from of replaced) {
    const to = view.rows.byLane.get(from.lane.replacedBy ?? '');
    if (to === undefined || (!seen.has(from) && !seen.has(to))) continue;
    const leaves = from.lane.segments.find(({ state }) => state !== 'starting' && state !== 'started')?.from;
    const serves = (to.lane.segments.find(({ state }) => state === 'started') ?? to.lane.segments[0])?.from;
    if (leaves === undefined || serves === undefined || !isShown(sheet, leaves) || !isShown(sheet, serves)) continue;
    const down = to.top > from.top ? 1 : -1;
    const [startX, endX] = [scale.x(leaves), scale.x(serves)];
    const startY = y(from) + (down === 1 ? BAR.top + BAR.height : BAR.top);
    const endY = y(to) + (down === 1 ? BAR.top : BAR.top + BAR.height);
    const middle = (startY + endY) / 2;
    pen.beginPath();
    pen.moveTo(startX, startY);
    pen.bezierCurveTo(startX, middle, endX, middle, endX, endY - 3 * down);
    pen.stroke();
    pen.beginPath();
    pen.arc(startX, startY, 1.8, 0, 2 * Math.PI);
    pen.fill();
    triangle(pen, endX, endY + down, 3, -5 * down);
  }
}

/** With its tip at a place, its base `height` from there. */
function triangle(pen: Pen, x: number, y: number, half: number, height: number): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - half, y + height);
  pen.lineTo(x + half, y + height);
  pen.closePath();
  pen.fill();
}

/** A flag where a drain times out, on a dotted line from where it is now. */
function drawDeadlines(sheet: Sheet, rows: readonly LaneRow[]): void {
  const { pen, view, looks, scale, y } = sheet;
  const { colours } = looks;
  for (const row of rows) {
    const { lane } = row;
    const at = lane.drainDeadline;
    if (at === null || !hasDeadline(lane, view.timeline.now) || at < view.shown.from) continue;
    const middle = y(row) + BAR.top + BAR.height / 2;
    const px = scale.x(at);
    pen.strokeStyle = colours.draining;
    pen.lineWidth = 1;
    pen.setLineDash([1, 3]);
    const now = scale.x(momentOf(view.timeline, null));
    if (now < px) line(pen, now, sharp(middle), px, sharp(middle));
    pen.setLineDash([]);
    if (!isShown(sheet, at)) continue;
    pen.lineWidth = 1.5;
    line(pen, px, y(row) + 1, px, y(row) + row.height - 1);
    pen.fillStyle = colours.draining;
    pen.beginPath();
    pen.moveTo(px, y(row) + 1);
    pen.lineTo(px + 9, y(row) + 1);
    pen.lineTo(px + 6.5, y(row) + 4.5);
    pen.lineTo(px + 9, y(row) + 8);
    pen.lineTo(px, y(row) + 8);
    pen.closePath();
    pen.fill();
    const time = formatSecond(at, view.zone);
    if (scale.isNarrow || px + 13 + time.length * CHARACTER > view.width) continue;
    pen.font = `400 11px ${colours.font}`;
    pen.textAlign = 'left';
    pen.strokeStyle = colours.panel;
    pen.lineWidth = 3;
    pen.strokeText(time, px + 13, middle + 4);
    pen.fillStyle = colours.warn;
    pen.fillText(time, px + 13, middle + 4);
  }
}

function drawLaneMarks(sheet: Sheet, rows: readonly LaneRow[]): void {
  for (const row of rows) {
    const drawn = new Set<string>();
    for (const { kind, at } of row.lane.marks) {
      const px = Math.round(sheet.scale.x(at));
      // Several of a kind within a pixel are one mark.
      if (!isShown(sheet, at) || drawn.has(`${kind} ${px}`)) continue;
      drawn.add(`${kind} ${px}`);
      drawMark(sheet, kind, px, sheet.y(row) + BAR.top + BAR.height / 2);
    }
  }
}

/** Each has a shape of its own: a crossed disc, a ring with an arrow, a square with a bar, a triangle, a diamond with a plus. */
function drawMark({ pen, looks: { colours } }: Sheet, kind: LaneMarkKind, x: number, y: number): void {
  pen.lineWidth = 1.5;
  pen.beginPath();
  switch (kind) {
    case 'error':
      pen.fillStyle = colours.bad;
      pen.arc(x, y, 6, 0, 2 * Math.PI);
      pen.fill();
      pen.strokeStyle = colours.panel;
      line(pen, x - 2.5, y - 2.5, x + 2.5, y + 2.5);
      line(pen, x - 2.5, y + 2.5, x + 2.5, y - 2.5);
      break;
    case 'retry':
      pen.fillStyle = colours.panel;
      pen.strokeStyle = colours.ink2;
      pen.arc(x, y, 5, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
      pen.fillStyle = colours.ink2;
      pen.beginPath();
      pen.moveTo(x - 1.8, y - 3);
      pen.lineTo(x + 3, y);
      pen.lineTo(x - 1.8, y + 3);
      pen.closePath();
      pen.fill();
      break;
    case 'skipped':
      pen.fillStyle = colours.panel;
      pen.strokeStyle = colours.unknown;
      pen.rect(x - 5, y - 5, 10, 10);
      pen.fill();
      pen.stroke();
      line(pen, x - 2.5, y, x + 2.5, y);
      break;
    case 'forced':
      pen.fillStyle = colours.bad;
      triangle(pen, x, y - 6, 6, 11);
      pen.strokeStyle = colours.panel;
      line(pen, x, y - 2, x, y + 1.5);
      line(pen, x, y + 2.7, x, y + 4);
      break;
    case 'extended':
      pen.fillStyle = colours.panel;
      pen.strokeStyle = colours.draining;
      pen.moveTo(x, y - 6);
      pen.lineTo(x + 6, y);
      pen.lineTo(x, y + 6);
      pen.lineTo(x - 6, y);
      pen.closePath();
      pen.fill();
      pen.stroke();
      line(pen, x - 2.5, y, x + 2.5, y);
      line(pen, x, y - 2.5, x, y + 2.5);
      break;
  }
}

function drawLaneLabels({ pen, view, looks: { colours }, scale, y }: Sheet, rows: readonly LaneRow[]): void {
  const indent = view.rows.isGrouped ? (scale.isNarrow ? 12 : 20) : 8;
  for (const row of rows) {
    const { label, note } = row.lane;
    const base = y(row) + 14;
    const noteRoom = scale.isNarrow || note === null ? 0 : note.length * CHARACTER + 6;
    pen.font = `${row.lane.id === view.selected ? 550 : 400} 11px ${colours.mono}`;
    pen.textAlign = 'left';
    pen.fillStyle = row.lane.id === view.selected ? colours.ink : colours.ink2;
    pen.fillText(cut(label, scale.left - indent - 6 - noteRoom), indent, base);
    if (noteRoom === 0 || note === null) continue;
    pen.font = `400 11px ${colours.font}`;
    pen.textAlign = 'right';
    pen.fillStyle = colours.ink3;
    pen.fillText(note, scale.left - 6, base);
  }
}

function drawAxis(sheet: Sheet): void {
  const { pen, view, looks, scale, floor } = sheet;
  const { colours } = looks;
  const { left, right, x, isNarrow } = scale;
  const { now } = view.timeline;
  const nowX = now !== null && isShown(sheet, now) ? x(now) : null;
  pen.strokeStyle = colours.lineStrong;
  pen.lineWidth = 1;
  line(pen, left, sharp(floor), right, sharp(floor));
  pen.font = `400 11px ${colours.font}`;
  pen.textAlign = 'center';
  const count = Math.max(2, Math.floor((right - left) / (isNarrow ? 72 : 96)));
  for (const { at, label } of timeTicks(view.shown.from, view.shown.to, count, view.zone)) {
    const px = x(at);
    line(pen, sharp(px), floor, sharp(px), floor + 4);
    const half = (label.length * CHARACTER) / 2;
    // Now is written in the same line, and comes first.
    if ((nowX !== null && Math.abs(px - nowX) < half + 16) || px + half > view.width) continue;
    pen.fillStyle = colours.ink3;
    pen.fillText(label, px, floor + 16);
  }
  if (nowX === null) return;
  pen.strokeStyle = colours.accent;
  pen.lineWidth = 1.5;
  line(pen, nowX, TOP_PX - 2, nowX, floor + 4);
  pen.font = `550 11px ${colours.font}`;
  pen.fillStyle = colours.accent;
  pen.fillText('now', Math.min(nowX, view.width - 14), floor + 16);
}

/** What there is room for: a pause or its end has its shape always, a name where nothing else stands. */
function drawMarkLabels(sheet: Sheet): void {
  const { pen, view, looks, scale } = sheet;
  const { colours } = looks;
  pen.font = `400 11px ${colours.font}`;
  pen.textAlign = 'left';
  let free = Number.NEGATIVE_INFINITY;
  const box = cursorBox(sheet);
  const marks = view.timeline.marks.filter(({ at }) => isShown(sheet, at));
  for (const [index, { kind, at, label }] of marks.entries()) {
    const px = scale.x(at);
    const hasShape = kind === 'pause' || kind === 'resume';
    if (hasShape) drawPause(sheet, kind, px);
    const next = marks.slice(index + 1).find((mark) => mark.kind === 'pause' || mark.kind === 'resume');
    const room = next === undefined ? view.width : scale.x(next.at) - 6;
    const text = scale.isNarrow ? label.replace(/^wave /, '') : label;
    const start = px + (hasShape ? 8 : 4);
    const end = start + text.length * CHARACTER;
    const isCovered = box !== null && start < box.x + box.width + 2 && end > box.x - 2;
    if (start < free || end > room || isCovered || (scale.isNarrow && hasShape)) continue;
    free = end + 4;
    pen.fillStyle = colours.ink2;
    pen.fillText(text, start, 13);
  }
}

function drawPause({ pen, looks: { colours } }: Sheet, kind: 'pause' | 'resume', x: number): void {
  pen.fillStyle = kind === 'pause' ? colours.draining : colours.started;
  pen.beginPath();
  if (kind === 'pause') {
    pen.rect(x - 4, 4, 3, 9);
    pen.rect(x + 1, 4, 3, 9);
  } else {
    pen.moveTo(x - 3, 4);
    pen.lineTo(x + 5, 8.5);
    pen.lineTo(x - 3, 13);
    pen.closePath();
  }
  pen.fill();
}

function drawDragged({ pen, view: { dragged }, looks: { colours }, scale: { x }, floor }: Sheet): void {
  if (dragged === null) return;
  const start = x(dragged.from);
  pen.beginPath();
  pen.rect(start, TOP_PX, Math.max(1, x(dragged.to) - start), floor - TOP_PX);
  pen.fillStyle = colours.accent;
  pen.globalAlpha = 0.12;
  pen.fill();
  pen.globalAlpha = 1;
  pen.strokeStyle = colours.accent;
  pen.lineWidth = 1;
  pen.stroke();
}

function drawCursor(sheet: Sheet): void {
  const { pen, view, looks, scale, floor } = sheet;
  const box = cursorBox(sheet);
  if (view.cursor === null || box === null) return;
  const { colours } = looks;
  const px = sharp(scale.x(view.cursor));
  pen.strokeStyle = colours.ink;
  pen.lineWidth = 1;
  line(pen, px, 18, px, floor);
  pen.fillStyle = colours.ink;
  pen.beginPath();
  pen.rect(box.x, 1, box.width, 17);
  pen.fill();
  pen.font = `550 11px ${colours.font}`;
  pen.textAlign = 'center';
  pen.fillStyle = colours.panel;
  pen.fillText(box.text, box.x + box.width / 2, 13);
}

/** Where the cursor's time is written; null where it is not seen. */
function cursorBox(sheet: Sheet): { readonly x: number; readonly width: number; readonly text: string } | null {
  const { cursor, zone, width: all } = sheet.view;
  if (cursor === null || !isShown(sheet, cursor)) return null;
  const text = formatSecond(cursor, zone);
  const width = text.length * CHARACTER + 8;
  return { text, width, x: Math.min(Math.max(sheet.scale.x(cursor) - width / 2, 0), all - width) };
}
