import type { InstanceKind } from '../cluster/instance-look.ts';
import type { ChartPattern } from './chart-patterns.tsx';

/** The tokens of the theme that a drawing of lanes takes its colours from. */
const tokens = {
  panel: '--panel',
  line: '--line',
  lineStrong: '--line-strong',
  ink: '--text',
  ink2: '--text-2',
  ink3: '--text-3',
  accent: '--accent',
  accentSoft: '--accent-soft',
  warn: '--t-warn',
  bad: '--c-bad',
  draining: '--c-draining',
  starting: '--c-starting',
  started: '--c-started',
  old: '--c-old',
  drained: '--c-drained',
  terminating: '--c-terminating',
  unknown: '--c-unknown',
  fillStarting: '--f-starting',
  fillStarted: '--f-started',
  fillOld: '--f-old',
  fillDraining: '--f-draining',
  fillTerminating: '--f-terminating',
  fillBad: '--f-bad',
} as const;

type ColourName = keyof typeof tokens;

/** The theme's colours, each as `#rrggbb`, and its fonts. */
export interface SwimlaneColours extends Readonly<Record<ColourName, string>> {
  readonly font: string;
  readonly mono: string;
}

/** How each kind is filled and edged, by names of colours. */
export const kindColours: Readonly<Record<InstanceKind, { readonly fill: ColourName; readonly edge: ColourName }>> = {
  startedNew: { fill: 'fillStarted', edge: 'started' },
  startedOld: { fill: 'fillOld', edge: 'old' },
  unhealthy: { fill: 'fillBad', edge: 'bad' },
  starting: { fill: 'fillStarting', edge: 'starting' },
  draining: { fill: 'fillDraining', edge: 'draining' },
  drained: { fill: 'panel', edge: 'drained' },
  terminating: { fill: 'fillTerminating', edge: 'terminating' },
};

export const kindPatterns: Readonly<Partial<Record<InstanceKind, ChartPattern>>> = {
  startedOld: 'old',
  unhealthy: 'sick',
  starting: 'starting',
  draining: 'leaving',
  terminating: 'terminating',
};

/** The tile of a pattern: the same as in `ChartPatterns`, for drawings that are no part of the page. */
interface PatternTile {
  readonly size: number;
  readonly degrees: number;
  readonly colour: ColourName;
  /** Of its lines; 0 = a dot. */
  readonly lineWidth: number;
  readonly lines: readonly (readonly [x1: number, y1: number, x2: number, y2: number])[];
}

export const patternTiles: Readonly<Record<ChartPattern, PatternTile>> = {
  old: { size: 4, degrees: 0, colour: 'old', lineWidth: 0.6, lines: [[0, 2, 4, 2]] },
  leaving: { size: 6, degrees: 45, colour: 'draining', lineWidth: 1, lines: [[0.5, 0, 0.5, 6]] },
  starting: { size: 5, degrees: 0, colour: 'starting', lineWidth: 0, lines: [] },
  terminating: { size: 5, degrees: -45, colour: 'terminating', lineWidth: 1, lines: [[0.5, 0, 0.5, 5]] },
  sick: {
    size: 5,
    degrees: 0,
    colour: 'bad',
    lineWidth: 0.6,
    lines: [
      [0, 0, 5, 5],
      [5, 0, 0, 5],
    ],
  },
  forecast: { size: 5, degrees: -45, colour: 'panel', lineWidth: 1.5, lines: [[0.75, 0, 0.75, 5]] },
};

export const DOT = { x: 1.5, y: 1.5, radius: 0.9 } as const;

/** What a shape may be filled with. */
export type Paint = string | CanvasPattern;

/** All that a drawing of lanes takes from the theme. */
export interface SwimlaneLooks {
  readonly colours: SwimlaneColours;
  readonly patterns: Readonly<Record<ChartPattern, Paint>>;
}

/** The colours of the theme that an element stands in. */
export function readColours(element: HTMLElement): SwimlaneColours {
  const style = getComputedStyle(element);
  const resolve = colourResolver();
  const colour = (name: ColourName) => resolve(style.getPropertyValue(tokens[name]));
  return {
    panel: colour('panel'),
    line: colour('line'),
    lineStrong: colour('lineStrong'),
    ink: colour('ink'),
    ink2: colour('ink2'),
    ink3: colour('ink3'),
    accent: colour('accent'),
    accentSoft: colour('accentSoft'),
    warn: colour('warn'),
    bad: colour('bad'),
    draining: colour('draining'),
    starting: colour('starting'),
    started: colour('started'),
    old: colour('old'),
    drained: colour('drained'),
    terminating: colour('terminating'),
    unknown: colour('unknown'),
    fillStarting: colour('fillStarting'),
    fillStarted: colour('fillStarted'),
    fillOld: colour('fillOld'),
    fillDraining: colour('fillDraining'),
    fillTerminating: colour('fillTerminating'),
    fillBad: colour('fillBad'),
    font: style.getPropertyValue('--font'),
    mono: style.getPropertyValue('--mono'),
  };
}

/** What a colour of the theme is in the end: mixed ones are understood by few programs that open a downloaded picture. */
function colourResolver(): (colour: string) => string {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (colour) => {
    if (context === null) return colour;
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
}

/** Looks for a canvas that has `ratio` pixels for each CSS pixel. */
export function canvasLooks(context: CanvasRenderingContext2D, colours: SwimlaneColours, ratio: number): SwimlaneLooks {
  const pattern = (name: ChartPattern) => canvasPattern(context, name, colours, ratio);
  return {
    colours,
    patterns: {
      old: pattern('old'),
      sick: pattern('sick'),
      starting: pattern('starting'),
      leaving: pattern('leaving'),
      terminating: pattern('terminating'),
      forecast: pattern('forecast'),
    },
  };
}

function canvasPattern(
  context: CanvasRenderingContext2D,
  name: ChartPattern,
  colours: SwimlaneColours,
  ratio: number,
): Paint {
  const { size, degrees, colour, lineWidth, lines } = patternTiles[name];
  const tile = document.createElement('canvas');
  // Whole pixels, so that tiles meet without a seam; drawn finer than they are shown, since some are turned.
  const scale = Math.ceil(ratio) * 2;
  tile.width = size * scale;
  tile.height = size * scale;
  const pen = tile.getContext('2d');
  if (pen === null) return colours[colour];
  pen.scale(scale, scale);
  pen.strokeStyle = colours[colour];
  pen.fillStyle = colours[colour];
  pen.beginPath();
  if (lineWidth === 0) {
    pen.arc(DOT.x, DOT.y, DOT.radius, 0, 2 * Math.PI);
    pen.fill();
  } else {
    pen.lineWidth = lineWidth;
    for (const [x1, y1, x2, y2] of lines) {
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
    }
    pen.stroke();
  }
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().rotate(degrees).scale(1 / scale));
  return pattern ?? colours[colour];
}
