import { expect, test } from 'vitest';
import { formatDay, formatMinute, formatMoment, formatSecond, zoneLabel, zoneOffset } from './zoned-time.ts';

const AT = Date.UTC(2026, 10, 20, 18, 32, 8);

test('a moment is told in the zone that was chosen, not in that of the machine', () => {
  expect(formatSecond(AT, 'UTC')).toBe('18:32:08');
  expect(formatMinute(AT, 'Europe/Berlin')).toBe('19:32');
  expect(formatMoment(AT, 'Asia/Kathmandu')).toBe('21 Nov 2026, 00:17:08 Kathmandu');
});

test('midnight is 00, not 24', () => {
  expect(formatSecond(Date.UTC(2026, 10, 20), 'UTC')).toBe('00:00:00');
  expect(formatDay(Date.UTC(2026, 10, 20), 'America/New_York')).toBe('19 Nov');
});

test('the offset of a zone follows its summer time', () => {
  expect(zoneOffset(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(2 * 3_600_000);
  expect(zoneOffset(AT, 'Europe/Berlin')).toBe(3_600_000);
  expect(zoneOffset(AT + 999, 'Asia/Kathmandu')).toBe(5.75 * 3_600_000);
});

test("each second is what the zone's clocks show, on both sides of a change of theirs too", () => {
  const changes = [
    Date.UTC(2026, 2, 29, 1),
    Date.UTC(2026, 9, 25, 1),
    Date.UTC(2026, 3, 4, 15),
    Date.UTC(2026, 10, 1, 6),
  ];
  for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'America/New_York', 'Asia/Kathmandu', 'UTC']) {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' });
    for (const at of changes.flatMap((change) =>
      [-900_001, -1_000, -1, 0, 1, 899_999, 1_800_000].map((by) => change + by),
    )) {
      expect(formatSecond(at, zone)).toBe(clock.format(at));
    }
  }
});

test('a zone is called by its city', () => {
  expect(['UTC', 'America/Argentina/Buenos_Aires'].map(zoneLabel)).toEqual(['UTC', 'Buenos Aires']);
});
