import { formatFigure, type LoadResults } from '../session/load-results.ts';
import { isAnswered } from './load-scales.ts';

export type LoadSecond = LoadResults['timeline'][number];

/** The picture in a sentence. */
export function describeLoad(timeline: readonly LoadSecond[]): string {
  const range = (values: readonly number[]) =>
    `from ${formatFigure(Math.min(...values))} to ${formatFigure(Math.max(...values))}`;
  const answered = timeline.filter(isAnswered);
  return [
    timeline.length === 1 ? '1 second: ' : `${timeline.length} seconds: `,
    `throughput ${range(timeline.map(({ throughput }) => throughput))} requests a second`,
    answered.length > 0 && `, p50 ${range(answered.map(({ p50Ms }) => p50Ms))} ms`,
    answered.length > 0 && `, p99 ${range(answered.map(({ p99Ms }) => p99Ms))} ms`,
    answered.length < timeline.length && `; in ${timeline.length - answered.length} nothing was answered`,
    '.',
  ]
    .filter((part) => part !== false)
    .join('');
}

/** "12 s: 1,204 requests a second; p50 1.2 ms; p99 3.4 ms" */
export function secondInWords(one: LoadSecond): string {
  const { second, throughput, p50Ms, p99Ms } = one;
  if (!isAnswered(one)) return `${second} s: nothing was answered`;
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

/** A latency of a second as it is written in a table: a dash where nothing was answered. */
export function latencyText(one: LoadSecond, percentile: 'p50Ms' | 'p99Ms'): string {
  return isAnswered(one) ? formatFigure(one[percentile]) : '–';
}

/** The picture as a table for other programs; the latency of a second in which nothing was answered is empty. */
export function loadCsv(timeline: readonly LoadSecond[]): string {
  const rows = timeline.map((one) => {
    const latency = isAnswered(one) ? [one.p50Ms, one.p99Ms] : ['', ''];
    return [one.second, one.throughput, ...latency].join(',');
  });
  return ['second,throughput,p50Ms,p99Ms', ...rows, ''].join('\n');
}
