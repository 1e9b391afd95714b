import { formatFigure, type LoadResults } from '../session/load-results.ts';
import { isAnswered } from './load-scales.ts';

export type LoadSecond = LoadResults['timeline'][number];

/** The picture in a sentence. */
export function describeLoad(timeline: readonly LoadSecond[]): string {
  const answered = timeline.filter(isAnswered);
  const parts = [
    `throughput ${range(timeline.map(({ throughput }) => throughput))} requests a second`,
    ...(answered.length === 0 ? ['nothing answered'] : []),
    ...(answered.length > 0 ? [`p50 ${range(answered.map(({ p50Ms }) => p50Ms))} ms`] : []),
    ...(answered.length > 0 ? [`p99 ${range(answered.map(({ p99Ms }) => p99Ms))} ms`] : []),
  ];
  return `${timeline.length === 1 ? '1 second' : `${timeline.length} seconds`}: ${parts.join(', ')}.`;
}

function range(values: readonly number[]): string {
  return `from ${formatFigure(Math.min(...values))} to ${formatFigure(Math.max(...values))}`;
}

/** "12 s: 1,204 requests a second; p50 1.2 ms; p99 3.4 ms" */
export function secondInWords({ second, throughput, p50Ms, p99Ms }: LoadSecond): string {
  if (!isAnswered({ throughput })) return `${second} s: nothing answered`;
  return `${second} s: ${formatFigure(throughput)} requests a second; p50 ${formatFigure(p50Ms)} ms; p99 ${formatFigure(p99Ms)} ms`;
}

/**
 * Where a key moves the cursor, as the place of a second among so many: to the one before or after, to either end, or
 * away (null). Undefined for a key that means nothing here.
 */
export function placeAfter(key: string, from: number | null, count: number): number | null | undefined {
  const last = count - 1;
  const at = from ?? last;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(at + 1, last);
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}

/** The picture as a table for other programs. */
export function loadCsv(timeline: readonly LoadSecond[]): string {
  const rows = timeline.map(({ second, throughput, p50Ms, p99Ms }) => [second, throughput, p50Ms, p99Ms].join(','));
  return ['second,throughput,p50Ms,p99Ms', ...rows, ''].join('\n');
}
