/**
 * How long cycles take together that begin in this order, as many at once as there are places: each next one takes the
 * place that is free first. `places` null: all at once. Milliseconds.
 */
export function fleetDuration(durations: readonly number[], places: number | null): number {
  const freeAt = new Array<number>(Math.min(places ?? durations.length, durations.length)).fill(0);
  for (const duration of durations) {
    const first = Math.min(...freeAt);
    freeAt[freeAt.indexOf(first)] = first + duration;
  }
  return Math.max(0, ...freeAt);
}
