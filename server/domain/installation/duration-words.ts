const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const WORDS = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of `15m`, `1h30m`, `90s`, `500ms` or `0`; null where it is no duration. */
export function readDurationWords(text: string): number | null {
  if (text === '0') return 0;
  const found = WORDS.exec(text);
  if (found === null || text === '') return null;
  return UNITS.reduce((sum, [, size], index) => sum + Number(found[index + 1] ?? 0) * size, 0);
}

/** The whole of a duration, to the millisecond: `15m`, `1m30s`, `0`. */
export function durationWords(ms: number): string {
  let rest = ms;
  const words = UNITS.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count}${unit}`;
  });
  return words.join('') || '0';
}
