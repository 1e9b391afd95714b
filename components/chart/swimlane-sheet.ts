import { type InstanceKind, instanceLook } from '../cluster/instance-look.ts';
import { kindColours, kindPatterns, type SwimlaneLooks } from './swimlane-looks.ts';
import type { Row } from './swimlane-rows.ts';
import type { SwimlaneScale, SwimlaneView } from './swimlane-view.ts';

/** As much of a canvas as the drawing takes, so that it may be drawn into a file as well. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'setLineDash'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'bezierCurveTo'
  | 'rect'
  | 'arc'
  | 'closePath'
  | 'fillText'
  | 'strokeText'
  | 'save'
  | 'restore'
> & { fill(): void; stroke(): void; clip(): void };

/** A bar as wide has its letter in it. */
export const LETTER_PX = 14;
export const DASH = [2, 2];

export interface Sheet {
  readonly pen: Pen;
  readonly view: SwimlaneView;
  readonly looks: SwimlaneLooks;
  readonly scale: SwimlaneScale;
  /** The rows that are seen. */
  readonly rows: readonly Row[];
  /** Where the lanes end and the axis begins. */
  readonly floor: number;
  /** The upper edge of a row in the drawing. */
  readonly y: (row: Row) => number;
}

export function line(pen: Pen, x1: number, y1: number, x2: number, y2: number): void {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

/** The middle of a pixel, where a line of one pixel is sharp. */
export function sharp(value: number): number {
  return Math.round(value - 0.5) + 0.5;
}

export function isShown({ view: { shown } }: Sheet, at: number): boolean {
  return at >= shown.from && at <= shown.to;
}

/** Fills the path as what is of a kind is filled, and outlines it; a forecast is hatched and dashed. */
export function paintKind(
  { pen, looks: { colours, patterns } }: Sheet,
  kind: InstanceKind,
  { isForecast }: { readonly isForecast: boolean },
): void {
  pen.fillStyle = colours[kindColours[kind].fill];
  pen.fill();
  const pattern = kindPatterns[kind];
  if (pattern !== undefined) {
    pen.globalAlpha = 0.5;
    pen.fillStyle = patterns[pattern];
    pen.fill();
    pen.globalAlpha = 1;
  }
  if (isForecast) {
    pen.fillStyle = patterns.forecast;
    pen.fill();
    pen.setLineDash(DASH);
  }
  pen.lineWidth = 1;
  pen.strokeStyle = colours[kindColours[kind].edge];
  pen.stroke();
  pen.setLineDash([]);
}

/** With a rim where the ground has a pattern. */
export function drawLetter({ pen, looks: { colours } }: Sheet, kind: InstanceKind, x: number, y: number): void {
  const { letter } = instanceLook[kind];
  if (kindPatterns[kind] !== undefined) {
    pen.strokeStyle = colours.panel;
    pen.lineWidth = 2;
    pen.strokeText(letter, x, y);
  }
  pen.fillStyle = colours.ink;
  pen.fillText(letter, x, y);
}
