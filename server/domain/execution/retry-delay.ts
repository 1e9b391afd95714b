const SHORTEST_MS = 200;
const LONGEST_MS = 10_000;
const MOST_ATTEMPTS = 8;
const MOST_TIME_MS = 60_000;

/**
 * How long to wait after the n-th temporary failure in a row of one step, 1 = the first: anywhere between 0.2 s and a
 * bound that doubles up to 10 s, so that many which failed together do not come back together. `random` is in [0, 1).
 */
export function retryDelayMs(attempt: number, random: number): number {
  const bound = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** attempt);
  return SHORTEST_MS + random * (bound - SHORTEST_MS);
}

/** After so many temporary failures in a row, or so long since the first of them, a person must decide. */
export function retriesAreSpent(attempt: number, sinceFirstMs: number): boolean {
  return attempt >= MOST_ATTEMPTS || sinceFirstMs >= MOST_TIME_MS;
}
