const unitSeconds: Readonly<Record<string, number>> = { s: 1, sec: 1, m: 60, min: 60, h: 3_600, d: 86_400 };

/** Seconds from what a person types: `900`, `90 s`, `15 min`, `1 h 30 min`, `1 h 30`. Null where it is no duration. */
export function parseDuration(text: string): number | null {
  const parts = [
    ...text
      .trim()
      .toLowerCase()
      .matchAll(/(\d+)\s*([a-z]*)\s*/g),
  ];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim().toLowerCase()) return null;
  let seconds = 0;
  let below = Number.POSITIVE_INFINITY;
  for (const [, digits, word] of parts) {
    // A number without a unit is of seconds, or of the unit below the one before it.
    const unit = word === '' ? (below === Number.POSITIVE_INFINITY ? 1 : smaller(below)) : unitSeconds[word ?? ''];
    if (unit === undefined || unit >= below) return null;
    seconds += Number(digits) * unit;
    below = unit;
  }
  return seconds;
}

function smaller(unit: number): number {
  return Math.max(1, ...Object.values(unitSeconds).filter((other) => other < unit));
}

/** The whole of a duration: `15 min`, `1 min 30 s`, `2 h`. */
export function formatSeconds(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let rest = seconds;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ') || '0 s';
}
