// @ts-check
/** Buckets grow by about 2 % each, so a percentile is as exact as that. */
const GROWTH = Math.log(1.02);
const SMALLEST_MS = 0.01;

/**
 * Latencies, by bucket. It travels as JSON and can be merged, which percentiles cannot.
 * @typedef {{ count: number, maxMs: number, buckets: Record<string, number> }} Histogram
 */

/** @returns {Histogram} */
export function histogram() {
  return { count: 0, maxMs: 0, buckets: {} };
}

/**
 * @param {Histogram} into
 * @param {number} ms
 */
export function record(into, ms) {
  const bucket = Math.max(0, Math.ceil(Math.log(ms / SMALLEST_MS) / GROWTH));
  into.buckets[bucket] = (into.buckets[bucket] ?? 0) + 1;
  into.count += 1;
  into.maxMs = Math.max(into.maxMs, ms);
}

/** @param {readonly Histogram[]} histograms */
export function merge(histograms) {
  const merged = histogram();
  for (const { count, maxMs, buckets } of histograms) {
    merged.count += count;
    merged.maxMs = Math.max(merged.maxMs, maxMs);
    for (const [bucket, n] of Object.entries(buckets)) merged.buckets[bucket] = (merged.buckets[bucket] ?? 0) + n;
  }
  return merged;
}

/**
 * The latency that so large a part of the requests did not exceed; 0 where there were none.
 * @param {Histogram} from
 * @param {number} part for example 0.99
 */
export function percentile({ count, maxMs, buckets }, part) {
  const wanted = Math.ceil(count * part);
  let seen = 0;
  for (const bucket of Object.keys(buckets)
    .map(Number)
    .sort((a, b) => a - b)) {
    seen += buckets[bucket] ?? 0;
    if (seen >= wanted) return round(Math.min(maxMs, SMALLEST_MS * Math.exp(bucket * GROWTH)));
  }
  return round(maxMs);
}

/** @param {number} value */
export function round(value) {
  return Math.round(value * 100) / 100;
}
