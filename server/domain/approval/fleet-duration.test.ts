import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fleetDuration } from './fleet-duration.ts';

test.each<[string, readonly number[], number | null, number]>([
  ['nothing', [], 2, 0],
  ['one', [5], 2, 5],
  ['all at once', [5, 3, 4], null, 5],
  ['one after the other', [5, 3, 4], 1, 12],
  ['the next one takes the place that is free first', [5, 3, 4, 1], 2, 7],
  ['more places than cycles', [5, 3], 9, 5],
])('%s', (_, durations, places, together) => {
  expect(fleetDuration(durations, places)).toBe(together);
});

test('it is never shorter than the longest or than an even share of all, nor longer than one after the other', () => {
  const duration = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(fc.array(duration, { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), (durations, places) => {
      const together = fleetDuration(durations, places);
      const sum = durations.reduce((total, one) => total + one, 0);
      expect(together).toBeGreaterThanOrEqual(Math.max(0, ...durations));
      expect(together).toBeGreaterThanOrEqual(sum / places);
      expect(together).toBeLessThanOrEqual(sum);
    }),
  );
});
