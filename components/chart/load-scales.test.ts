import { expect, test } from 'vitest';
import { loadScales, secondAt } from './load-scales.ts';

const box = { left: 0, right: 300, top: 0, bottom: 100 };
const second = (index: number, throughput: number, p99Ms: number) => ({ second: index, throughput, p50Ms: 1, p99Ms });

test('bars stand on the bottom, as high as their part of the scale, and do not overlap', () => {
  const { bars } = loadScales([second(0, 50, 2), second(1, 100, 2), second(2, 0, 2)], box);
  expect(bars.map(({ y, height }) => [y, height])).toEqual([
    [50, 50],
    [0, 100],
    [100, 0],
  ]);
  bars.forEach((bar, index) => {
    expect(bar.x + bar.width).toBeLessThanOrEqual(bars[index + 1]?.x ?? box.right);
  });
});

test('lines go through the middle of each second', () => {
  expect(loadScales([second(0, 1, 10), second(1, 1, 0)], box).p99).toBe('M75 0L225 100');
});

test('where nothing was answered there is no latency, and the line has a gap', () => {
  const seconds = [second(0, 1, 10), second(1, 1, 0), second(2, 0, 0), second(3, 1, 10)];
  expect(loadScales(seconds, { ...box, right: 400 }).p99).toBe('M50 0L150 100M344 0h12');
  expect(loadScales([second(0, 0, 0)], box).p99).toBe('');
});

test('one second can be seen too, and none is no line', () => {
  expect(loadScales([second(0, 1, 10)], box).p99).toBe('M144 0h12');
  expect(loadScales([], box)).toMatchObject({ p50: '', p99: '', bars: [] });
});

test('labels of the seconds keep their distance', () => {
  const many = Array.from({ length: 60 }, (_, index) => second(index, 1, 1));
  const xs = loadScales(many, box).seconds.map(({ x }) => x);
  expect(xs.length).toBeGreaterThan(1);
  xs.slice(1).forEach((x, index) => {
    expect(x - (xs[index] ?? 0)).toBeGreaterThanOrEqual(44);
  });
});

test('each bar is found where it is drawn, and the nearest beside all', () => {
  const three = [second(0, 1, 1), second(1, 1, 1), second(2, 1, 1)];
  const beside = { ...box, left: 80, right: 380 };
  const middles = loadScales(three, beside).bars.map(({ x, width }) => x + width / 2);
  expect(middles.map((px) => secondAt(px, 3, beside))).toEqual([0, 1, 2]);
  expect([secondAt(0, 3, beside), secondAt(999, 3, beside)]).toEqual([0, 2]);
});
