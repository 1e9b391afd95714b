import type { InstanceKind } from '../cluster/instance-look.ts';
import { CHARACTER } from './cut.ts';
import { countsAt, heatOf, presentKinds } from './swimlane-heat.ts';
import type { GroupRow } from './swimlane-rows.ts';
import { drawLetter, isShown, LETTER_PX, type Pen, paintKind, type Sheet, sharp } from './swimlane-sheet.ts';
import { momentOf, untilOf } from './swimlane-view.ts';

/** Its name, how many are in it, and how many of which kind at the cursor. */
export function drawGroupLabel(sheet: Sheet, row: GroupRow): void {
  const { pen, looks, scale, y } = sheet;
  const { colours } = looks;
  const top = y(row);
  pen.fillStyle = colours.ink3;
  pen.beginPath();
  if (row.isOpen) {
    pen.moveTo(7, top + 10);
    pen.lineTo(15, top + 10);
    pen.lineTo(11, top + 15);
  } else {
    pen.moveTo(9, top + 5);
    pen.lineTo(9, top + 13);
    pen.lineTo(14, top + 9);
  }
  pen.closePath();
  pen.fill();
  const base = top + (row.isOpen ? 16 : 13);
  pen.textAlign = 'left';
  pen.font = `550 11px ${colours.font}`;
  pen.fillStyle = colours.ink;
  pen.fillText(row.key, 20, base);
  pen.textAlign = 'right';
  pen.font = `400 11px ${colours.font}`;
  pen.fillStyle = colours.ink3;
  pen.fillText(String(row.group.lanes.length), scale.left - 6, base);
  if (row.isOpen) drawCounts(sheet, row, scale.left + 4, scale.right, top + 7);
  else drawCounts(sheet, row, 8, scale.left - 4, top + 19);
}

/** Small bars as they are in lanes, each with its number. */
function drawCounts(sheet: Sheet, { group }: GroupRow, left: number, right: number, top: number): void {
  const { pen, view, looks } = sheet;
  const { colours } = looks;
  const counts = countsAt(group.lanes, momentOf(view.timeline, view.cursor), untilOf(view.timeline));
  let x = sharp(left);
  for (const kind of presentKinds(counts)) {
    const text = String(counts[kind]);
    const width = 14 + text.length * CHARACTER + 6;
    if (x + width > right) return;
    pen.beginPath();
    pen.rect(x, top + 0.5, 11, 11);
    paintKind(sheet, kind, { isForecast: false });
    pen.font = `550 9px ${colours.font}`;
    pen.textAlign = 'center';
    drawLetter(sheet, kind, x + 5.5, top + 9.5);
    pen.font = `400 11px ${colours.font}`;
    pen.textAlign = 'left';
    pen.fillStyle = colours.ink2;
    pen.fillText(text, x + 14, top + 10);
    x = sharp(x + width);
  }
}

/** Counts are taken for each column: finer ones show no more in a strip as low, and cost as much again. */
const STRIP = { top: 4, bottom: 3, column: 2 } as const;

/** A stretch of time in which a kind has the same count: a band from the ground up, in the drawing. */
interface Step {
  readonly from: number;
  to: number;
  readonly above: number;
  readonly below: number;
}

/** The counts of a closed wave, stacked: each column as high as there are instances. */
export function drawStrip(sheet: Sheet, row: GroupRow): void {
  const { pen, view, looks, scale, y } = sheet;
  const { timeline, shown } = view;
  const columns = Math.max(1, Math.round((scale.right - scale.left) / STRIP.column));
  const { starts, counts, kinds } = heatOf(row.group.lanes, shown, columns, untilOf(timeline));
  const edges = [...starts, columns].map((column) => scale.left + (column * (scale.right - scale.left)) / columns);
  const perLane = (row.height - STRIP.top - STRIP.bottom) / row.group.mostAtOnce;
  const ground = y(row) + row.height - STRIP.bottom;
  const heaped = new Int32Array(starts.length);
  for (const kind of kinds) {
    const steps: Step[] = [];
    for (let index = 0; index < starts.length; index += 1) {
      const count = counts[kind][index] ?? 0;
      if (count === 0) continue;
      const under = heaped[index] ?? 0;
      heaped[index] = under + count;
      const below = ground - under * perLane;
      const above = ground - (under + count) * perLane;
      const from = edges[index] ?? scale.left;
      const to = edges[index + 1] ?? scale.right;
      const last = steps.at(-1);
      // Where only other kinds change, the band goes on.
      if (last?.to === from && last.above === above && last.below === below) last.to = to;
      else steps.push({ from, to, above, below });
    }
    const forecastX = timeline.forecastFrom === null ? scale.right : scale.x(timeline.forecastFrom);
    drawBand(sheet, kind, stepsWithin(steps, scale.left, forecastX), false);
    if (forecastX < scale.right) drawBand(sheet, kind, stepsWithin(steps, forecastX, scale.right), true);
    drawBandLetter(sheet, kind, steps);
  }
  // What went wrong is seen however many there are: a tick, long as in a log.
  pen.strokeStyle = looks.colours.bad;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const px of errorsOf(sheet, row)) {
    pen.moveTo(px, y(row) + 2);
    pen.lineTo(px, y(row) + 9);
  }
  pen.stroke();
}

/** The parts that lie between two places. */
function stepsWithin(steps: readonly Step[], left: number, right: number): readonly Step[] {
  const within: Step[] = [];
  for (const { from, to, above, below } of steps) {
    const part = { from: Math.max(from, left), to: Math.min(to, right), above, below };
    if (part.from < part.to) within.push(part);
  }
  return within;
}

function errorsOf(sheet: Sheet, { group }: GroupRow): ReadonlySet<number> {
  const errors = group.lanes.flatMap(({ marks }) => marks.filter(({ kind }) => kind === 'error' || kind === 'forced'));
  return new Set(errors.filter(({ at }) => isShown(sheet, at)).map(({ at }) => Math.round(sheet.scale.x(at))));
}

/** Each stretch of steps that touch is outlined as one. */
function drawBand(sheet: Sheet, kind: InstanceKind, steps: readonly Step[], isForecast: boolean): void {
  if (steps.length === 0) return;
  sheet.pen.beginPath();
  for (let start = 0; start < steps.length; ) start = outline(sheet.pen, steps, start);
  paintKind(sheet, kind, { isForecast });
}

/**
 * Around the steps that touch each other, from one on: along the top and back along the ground, with points only where
 * it turns. Returns the index of the first step that is apart.
 */
function outline(pen: Pen, steps: readonly Step[], start: number): number {
  let end = start + 1;
  while (end < steps.length && steps[end]?.from === steps[end - 1]?.to) end += 1;
  const [first, last] = [steps[start], steps[end - 1]];
  if (first === undefined || last === undefined) return end;
  let height = first.above;
  const turn = (x: number, to: number) => {
    if (to === height) return;
    pen.lineTo(x, height);
    pen.lineTo(x, to);
    height = to;
  };
  pen.moveTo(first.from, height);
  for (let index = start; index < end; index += 1) turn(steps[index]?.from ?? 0, steps[index]?.above ?? 0);
  for (let index = end - 1; index >= start; index -= 1) turn(steps[index]?.to ?? 0, steps[index]?.below ?? 0);
  pen.lineTo(first.from, height);
  pen.closePath();
  return end;
}

/** In the longest stretch that is high enough for it. */
function drawBandLetter(sheet: Sheet, kind: InstanceKind, steps: readonly Step[]): void {
  let best = { from: 0, to: 0, above: 0, below: 0 };
  for (const step of steps) {
    const isHigh = step.below - step.above >= 11;
    if (isHigh && step.to - step.from > best.to - best.from) best = step;
  }
  const length = best.to - best.from;
  if (length < LETTER_PX) return;
  sheet.pen.font = `550 10px ${sheet.looks.colours.font}`;
  sheet.pen.textAlign = 'center';
  drawLetter(sheet, kind, best.from + Math.min(length / 2, 24), (best.above + best.below) / 2 + 3.5);
}
