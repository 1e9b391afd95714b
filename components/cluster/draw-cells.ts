import { kindColours, kindPatterns, type SwimlaneLooks } from '@/components/chart/swimlane-looks';
import type { Pen } from '@/components/chart/swimlane-sheet';
import { type CellLayout, cellsWithin, cornerOf, NAMED, TITLE_HEIGHT } from '@/components/cluster/cell-layout';
import { flagLetters } from '@/components/cluster/instance-flags';
import { type InstanceKind, instanceKind, instanceKinds, instanceLook } from '@/components/cluster/instance-look';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly index: number;
}

/** Half a disc as a curve, of its radius. */
const HALF = 4 / 3;
const DASH = [1.6, 1.6];

interface Band {
  readonly top: number;
  readonly bottom: number;
}

/**
 * The cells of a band, each by letter, shape and colour; the names where the cells have room for them. One path for each
 * kind, and not one for each cell: that is what makes thousands of them cheap.
 */
export function drawCells(
  pen: Pen,
  layout: CellLayout,
  names: ReadonlyMap<string, string>,
  { colours, patterns }: SwimlaneLooks,
  band: Band,
): void {
  const boxes = new Map<InstanceKind, Box[]>(instanceKinds.map((kind) => [kind, []]));
  for (const { from, to } of cellsWithin(layout, band.top, band.bottom)) {
    for (let index = from; index < to; index += 1) {
      const cell = layout.cells[index];
      if (cell !== undefined) boxes.get(instanceKind(cell))?.push({ ...cornerOf(layout, index), index });
    }
  }
  const isNamed = layout.size === NAMED;
  pen.lineWidth = 1;
  for (const [kind, some] of boxes) {
    if (some.length === 0) continue;
    const { fill, edge } = kindColours[kind];
    // Lines behind most of the names would be hard to read, and the letter tells it.
    const pattern = kind === 'startedOld' ? undefined : kindPatterns[kind];
    pen.beginPath();
    for (const { x, y } of some) pen.rect(x + 0.5, y + 0.5, layout.size.width - 1, layout.size.height - 1);
    pen.fillStyle = colours[fill];
    pen.fill();
    if (pattern !== undefined) {
      pen.globalAlpha = 0.4;
      pen.fillStyle = patterns[pattern];
      pen.fill();
      pen.globalAlpha = 1;
    }
    pen.strokeStyle = colours[edge];
    pen.stroke();
    drawShapes(
      pen,
      kind,
      some.map(({ x, y }) => ({ x: x + (isNamed ? 8 : 7), y: y + 11 })),
      colours[edge],
    );
  }
  pen.fillStyle = colours.ink;
  for (const [kind, some] of boxes) {
    pen.textAlign = 'center';
    pen.font = `550 11px ${colours.font}`;
    const { letter } = instanceLook[kind];
    for (const { x, y } of some) pen.fillText(letter, isNamed ? x + layout.size.width - 8 : x + 17, y + 15);
  }
  if (isNamed) drawNames(pen, layout, names, [...boxes.values()].flat(), colours);
  drawTitles(pen, layout, band, colours);
}

/** Round is an instance; how full it is says how far it has come. */
function drawShapes(
  pen: Pen,
  kind: InstanceKind,
  centres: readonly { readonly x: number; readonly y: number }[],
  colour: string,
): void {
  const radius = 3.5;
  const { shape } = instanceLook[kind];
  pen.fillStyle = colour;
  pen.strokeStyle = colour;
  pen.lineWidth = 1.2;
  pen.setLineDash(shape === 'ring-dashed' ? DASH : []);
  pen.beginPath();
  for (const { x, y } of centres) {
    pen.moveTo(x + radius, y);
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    if (shape !== 'ring-slash') continue;
    pen.moveTo(x - radius, y + radius);
    pen.lineTo(x + radius, y - radius);
  }
  if (shape === 'disc') pen.fill();
  else pen.stroke();
  pen.setLineDash([]);
  if (shape === 'disc-half') {
    pen.beginPath();
    for (const { x, y } of centres) {
      pen.moveTo(x, y - radius);
      pen.bezierCurveTo(x - HALF * radius, y - radius, x - HALF * radius, y + radius, x, y + radius);
    }
    pen.fill();
  }
  pen.lineWidth = 1;
}

function drawNames(
  pen: Pen,
  layout: CellLayout,
  names: ReadonlyMap<string, string>,
  boxes: readonly Box[],
  colours: SwimlaneLooks['colours'],
): void {
  for (const { x, y, index } of boxes) {
    const cell = layout.cells[index];
    if (cell === undefined) continue;
    pen.textAlign = 'left';
    pen.font = `400 11px ${colours.mono}`;
    pen.fillStyle = colours.ink;
    pen.fillText(names.get(cell.id) ?? cell.id, x + 5, y + 31);
    pen.textAlign = 'right';
    pen.font = `550 11px ${colours.font}`;
    pen.fillStyle = colours.ink2;
    // Its letter says already that it is old.
    const showsOld = cell.outdated && instanceKind(cell) !== 'startedOld';
    pen.fillText(flagLetters(cell, showsOld).join(' '), x + layout.size.width - 5, y + 31);
  }
}

function drawTitles(pen: Pen, { sections }: CellLayout, band: Band, colours: SwimlaneLooks['colours']): void {
  pen.textAlign = 'left';
  pen.fillStyle = colours.ink2;
  pen.font = `400 12px ${colours.font}`;
  for (const { title, top, cells } of sections) {
    if (title === null || top < band.top || top - TITLE_HEIGHT > band.bottom) continue;
    pen.fillText(`${title} · ${cells.length}`, 0, top - 7);
  }
}
