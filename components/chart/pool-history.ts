import type { ChartPattern } from '@/components/chart/chart-patterns';
import type { PoolParts, PoolSampleView } from '@/server/contract/pool';
import { partLook } from '../pool/pool-look.ts';
import { formatDuration } from '../ui/duration.ts';
import { formatMinute } from '../ui/zoned-time.ts';

export interface PoolLayer {
  readonly name: string;
  /** As in the bars of pools; of several parts that of the first. */
  readonly letter: string;
  readonly word: string;
  readonly value: (parts: PoolParts) => number;
  readonly fill: string;
  readonly edge: string;
  readonly pattern: ChartPattern | null;
  /** The same look in HTML, for the key. */
  readonly swatch: string;
}

/** What is stacked, from the ground up; what is free stays white, up to the capacity. */
export const poolLayers: readonly PoolLayer[] = [
  {
    name: 'in use',
    letter: partLook.inUse.letter,
    word: 'in use',
    value: (parts) => parts.inUse,
    fill: 'fill-fill-started',
    edge: 'stroke-mark-started',
    pattern: null,
    swatch: 'border border-mark-started bg-fill-started',
  },
  {
    name: 'reserved',
    letter: partLook.reserved.letter,
    word: 'reserved',
    value: (parts) => parts.reserved,
    fill: 'fill-fill-starting',
    edge: 'stroke-mark-starting',
    pattern: 'starting',
    swatch: 'hatch-starting',
  },
  {
    name: 'between',
    letter: partLook.cleaning.letter,
    word: 'cleaning, provisioning',
    value: (parts) => parts.cleaning + parts.provisioning,
    fill: 'fill-fill-old',
    edge: 'stroke-mark-old',
    pattern: 'forecast',
    swatch: 'hatch-forecast border border-mark-old bg-fill-old',
  },
  {
    name: 'out',
    letter: partLook.leaving.letter,
    word: 'leaving, maintenance, bad',
    value: (parts) => parts.leaving + parts.maintenance + parts.bad,
    fill: 'fill-fill-terminating',
    edge: 'stroke-mark-terminating',
    pattern: 'terminating',
    swatch: 'hatch-terminating',
  },
];

export function capacityOf(parts: PoolParts): number {
  return Object.values(parts).reduce((sum, count) => sum + count, 0);
}

/** The picture in a sentence or two. */
export function describeHistory(samples: readonly PoolSampleView[], zone: string): string {
  const busiest = mostBy(samples, ({ parts }) => parts.inUse + parts.reserved);
  if (busiest === null) return 'Nothing has been recorded yet.';
  const used = busiest.parts.inUse + busiest.parts.reserved;
  const most = `Most in use or reserved: ${used} of ${capacityOf(busiest.parts)} at ${formatMinute(busiest.at, zone)}.`;
  const slowest = mostBy(samples, ({ oldestWaitMs }) => oldestWaitMs);
  if (slowest === null || slowest.oldestWaitMs === 0) return `${most} Nobody waited.`;
  const longest = `${formatDuration(slowest.oldestWaitMs)} at ${formatMinute(slowest.at, zone)}`;
  return `${most} The longest wait: ${longest}, ${slowest.waiting} in the queue.`;
}

/** The first of the samples with the largest value. */
function mostBy(samples: readonly PoolSampleView[], value: (sample: PoolSampleView) => number): PoolSampleView | null {
  return samples.reduce<PoolSampleView | null>(
    (most, sample) => (most === null || value(sample) > value(most) ? sample : most),
    null,
  );
}

/**
 * Where a key moves the cursor: to the sample before or after, to either end, or away (null).
 * Undefined for a key that means nothing here.
 */
export function sampleAfter(
  key: string,
  from: number | null,
  samples: readonly PoolSampleView[],
): number | null | undefined {
  const at = from ?? samples.at(-1)?.at ?? 0;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return samples.find((sample) => sample.at > at)?.at ?? samples.at(-1)?.at ?? null;
    case 'ArrowLeft':
    case 'ArrowDown':
      return samples.findLast((sample) => sample.at < at)?.at ?? samples[0]?.at ?? null;
    case 'Home':
      return samples[0]?.at ?? null;
    case 'End':
      return samples.at(-1)?.at ?? null;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}

/** The history as a table for other programs. Times are ISO 8601, waits milliseconds. */
export function historyCsv(samples: readonly PoolSampleView[]): string {
  return [
    ['at', ...poolLayers.map((layer) => layer.name), 'free', 'capacity', 'waiting', 'oldestWaitMs'].join(','),
    ...samples.map((sample) =>
      [
        new Date(sample.at).toISOString(),
        ...poolLayers.map((layer) => layer.value(sample.parts)),
        sample.parts.available,
        capacityOf(sample.parts),
        sample.waiting,
        sample.oldestWaitMs,
      ].join(','),
    ),
    '',
  ].join('\n');
}
