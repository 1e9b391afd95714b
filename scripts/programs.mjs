/**
 * What Node gets to run each program of the built product. Web's heap is bounded, not because it needs as much, but
 * because V8 collects a heap late that may grow to gigabytes: a thousand live streams took twice the memory.
 */
export const WEB = ['--max-old-space-size=1024', 'scripts/web.mjs'];
export const WORKER = ['scripts/worker.mjs'];
