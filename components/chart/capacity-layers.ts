import type { ChartPattern } from '@/components/chart/chart-patterns';
import type { CapacityPoint } from '@/server/domain/cycle/capacity';

export interface CapacityLayer {
  readonly name: string;
  readonly letter: string;
  readonly word: string;
  readonly value: (point: CapacityPoint) => number;
  readonly fill: string;
  readonly edge: string;
  readonly pattern: ChartPattern | null;
  /** The same look in HTML, for the key. */
  readonly swatch: string;
}

/** What is stacked, from the ground up. */
export const capacityLayers: readonly CapacityLayer[] = [
  {
    name: 'new',
    letter: 'S',
    word: 'new, started',
    value: (point) => point.startedNew,
    fill: 'fill-fill-started',
    edge: 'stroke-mark-started',
    pattern: null,
    swatch: 'border border-mark-started bg-fill-started',
  },
  {
    name: 'old',
    letter: 'O',
    word: 'old, started',
    value: (point) => point.startedOld,
    fill: 'fill-fill-old',
    edge: 'stroke-mark-old',
    pattern: 'old',
    swatch: 'hatch-old',
  },
  {
    name: 'unhealthy',
    letter: '!',
    word: 'unhealthy',
    value: (point) => point.unhealthy,
    fill: 'fill-fill-bad',
    edge: 'stroke-mark-bad',
    pattern: 'sick',
    swatch: 'hatch-sick',
  },
  {
    name: 'starting',
    letter: 's',
    word: 'starting',
    value: (point) => point.starting,
    fill: 'fill-fill-starting',
    edge: 'stroke-mark-starting',
    pattern: 'starting',
    swatch: 'hatch-starting',
  },
  {
    name: 'leaving',
    letter: 'd',
    word: 'draining, drained',
    value: (point) => point.draining + point.drained,
    fill: 'fill-fill-draining',
    edge: 'stroke-mark-draining',
    pattern: 'leaving',
    swatch: 'hatch-draining',
  },
  {
    name: 'terminating',
    letter: 't',
    word: 'terminating',
    value: (point) => point.terminating,
    fill: 'fill-fill-terminating',
    edge: 'stroke-mark-terminating',
    pattern: 'terminating',
    swatch: 'hatch-terminating',
  },
];
