import { expect, test } from 'vitest';
import { plotScales } from './capacity-plot.tsx';
import { CHARACTER } from './cut.ts';

const series = { past: [], forecast: [], from: 0, to: 60_000, now: 60_000 };

test.each([
  [9, 320],
  [230, 320],
  [2_300, 320],
  [23_000, 1_100],
])('the numbers of up to %d instances have room beside a picture of %d pixels', (max, width) => {
  const limits = { floor: max - 2, target: max - 1, max };
  const { left, right } = plotScales({ series, approved: [], limits, marks: [] }, width);
  // Of the widest label on each side, and 6 pixels between it and the picture; figures of floating point.
  expect(left + 0.01).toBeGreaterThan(String(max).length * CHARACTER + 6);
  expect(width - right + 0.01).toBeGreaterThan(`target ${max - 1}`.length * CHARACTER + 6);
});
