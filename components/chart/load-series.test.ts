import { expect, test } from 'vitest';
import { describeLoad, type LoadSecond, latencyText, loadCsv, placeAfter, secondInWords } from './load-series.ts';

const second = (index: number, throughput: number, p50Ms: number, p99Ms: number): LoadSecond => {
  return { second: index, throughput, p50Ms, p99Ms };
};

test('the sentence tells the range of each thing that is drawn', () => {
  expect(describeLoad([second(0, 1204, 1.5, 3), second(1, 900, 2, 14.25)])).toBe(
    '2 seconds: throughput from 900 to 1,204 requests a second, p50 from 1.50 to 2 ms, p99 from 3 to 14.3 ms.',
  );
  expect(describeLoad([second(0, 1, 1, 1)])).toMatch(/^1 second: /);
});

test('a second is told with all its figures', () => {
  expect(secondInWords(second(12, 1204, 1.5, 3))).toBe('12 s: 1,204 requests a second; p50 1.50 ms; p99 3 ms');
});

test('arrow keys step from second to second and stop at the ends', () => {
  expect([placeAfter('ArrowLeft', null, 5), placeAfter('ArrowLeft', 0, 5)]).toEqual([3, 0]);
  expect([placeAfter('ArrowRight', 2, 5), placeAfter('ArrowRight', 4, 5)]).toEqual([3, 4]);
  expect([placeAfter('Home', 3, 5), placeAfter('End', 0, 5)]).toEqual([0, 4]);
  expect([placeAfter('Escape', 3, 5), placeAfter('x', 3, 5)]).toEqual([null, undefined]);
});

test('the table for programs has each second as it was measured', () => {
  expect(loadCsv([second(0, 1204.5, 1.25, 3)])).toBe('second,throughput,p50Ms,p99Ms\n0,1204.5,1.25,3\n');
});

test('a second in which nothing was answered has no latency, in no words and in no table', () => {
  const [busy, idle] = [second(0, 10, 1, 3), second(1, 0, 0, 0)];
  expect(describeLoad([busy, idle])).toBe(
    '2 seconds: throughput from 0 to 10 requests a second, p50 from 1 to 1 ms, p99 from 3 to 3 ms; in 1 nothing was answered.',
  );
  expect(describeLoad([idle])).toBe('1 second: throughput from 0 to 0 requests a second; in 1 nothing was answered.');
  expect(secondInWords(idle)).toBe('1 s: nothing was answered');
  expect([latencyText(busy, 'p99Ms'), latencyText(idle, 'p99Ms')]).toEqual(['3', '–']);
  expect(loadCsv([busy, idle])).toBe('second,throughput,p50Ms,p99Ms\n0,10,1,3\n1,0,,\n');
});
