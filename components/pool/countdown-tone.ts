/** passed: it should be over. short: in its last fifth. */
export type CountdownTone = 'calm' | 'short' | 'passed';

/** How near the end of a lease is; one whose length nobody knows is calm until it passes. */
export function countdownTone(until: number, lengthMs: number | null, now: number): CountdownTone {
  if (now >= until) return 'passed';
  return lengthMs !== null && (until - now) * 5 <= lengthMs ? 'short' : 'calm';
}
