import { expect, test } from 'vitest';
import { timeTicks } from './time-ticks.ts';

const HOUR = 3_600_000;
const AT = Date.UTC(2026, 10, 20, 14, 32);

function labels(from: number, to: number, count: number, zone: string): string[] {
  return timeTicks(from, to, count, zone).map((tick) => tick.label);
}

test('ticks are round in the chosen zone', () => {
  expect(labels(AT, AT + HOUR, 6, 'UTC')).toEqual(['14:45', '15:00', '15:15', '15:30']);
  expect(labels(AT, AT + 3 * HOUR, 3, 'Asia/Kathmandu')).toEqual(['21:00', '22:00', '23:00']);
});

test('a short span shows seconds and midnight shows the day', () => {
  expect(labels(AT, AT + 40_000, 4, 'UTC')).toEqual(['14:32:00', '14:32:15', '14:32:30']);
  expect(labels(AT + 8 * HOUR, AT + 11 * HOUR, 3, 'UTC')).toEqual(['23:00', '21 Nov', '01:00']);
  expect(labels(AT, AT + 72 * HOUR, 3, 'UTC')).toEqual(['21 Nov', '22 Nov', '23 Nov']);
});
