import { z } from 'zod';
import type { Json } from '../../server/domain/instance/plugin.ts';

const figures = {
  throughput: z.number(),
  requests: z.number(),
  errors: z.number(),
  p50Ms: z.number(),
  p90Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
};
const resultsSchema = z.object({
  summary: z.object(figures),
  clients: z.array(z.object({ address: z.string(), ...figures })),
  timeline: z.array(z.object({ second: z.number(), throughput: z.number(), p50Ms: z.number(), p99Ms: z.number() })),
});

/** What the bundled load test reports. */
export type LoadResults = z.output<typeof resultsSchema>;

/** Null where a driver reported something else. */
export function readLoadResults(results: Json): LoadResults | null {
  return resultsSchema.safeParse(results).data ?? null;
}

/** `418,210`, `12.3`, `0.31`: three figures are enough of what was measured, and whole numbers stay whole. */
export function formatFigure(value: number): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
