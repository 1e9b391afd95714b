import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clampRange, reveal, zoomRange } from './time-range.ts';

const WHOLE = { from: 0, to: 100_000 };

describe('a range', () => {
  test('is never shorter than a second, and never more than 5 % beside the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 0, max: 1e6 }), (from, length) => {
        const range = clampRange({ from, to: from + length }, WHOLE);
        expect(range.from).toBeGreaterThanOrEqual(-5_000);
        expect(range.to).toBeLessThanOrEqual(105_000);
        expect(range.to - range.from).toBeGreaterThanOrEqual(1_000);
      }),
    );
  });

  test('is moved rather than cut', () => {
    expect(clampRange({ from: -20_000, to: 0 }, WHOLE)).toEqual({ from: -5_000, to: 15_000 });
    expect(clampRange({ from: 10_000, to: 20_000 }, WHOLE)).toEqual({ from: 10_000, to: 20_000 });
  });

  test('follows a moment that is outside, and stays for one inside', () => {
    const shown = { from: 10_000, to: 20_000 };
    expect(reveal(15_000, shown, WHOLE)).toBe(shown);
    expect(reveal(50_000, shown, WHOLE)).toEqual({ from: 45_000, to: 55_000 });
  });

  test('is zoomed about a moment that stays where it is, and is the whole where it would be longer', () => {
    const shown = { from: 20_000, to: 60_000 };
    expect(zoomRange(30_000, 0.5, shown, WHOLE)).toEqual({ from: 25_000, to: 45_000 });
    expect(zoomRange(30_000, 3, shown, WHOLE)).toBeNull();
  });
});
