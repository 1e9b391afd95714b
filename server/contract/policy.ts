import { z } from 'zod';
import type { Knobs } from '../domain/approval/plan.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';

const count = z.number().int().min(0).max(100_000);
const milliseconds = z
  .number()
  .int()
  .min(0)
  .max(7 * 24 * 3_600_000);

export const policySchema = z.strictObject({
  surge: count.optional(),
  maxUnavailable: count.optional(),
  batch: count.min(1, 'at least 1, or leave it empty for no limit').optional(),
  canary: count.optional(),
  bakeMs: milliseconds.optional(),
  order: z
    .array(z.enum(['unhealthy', 'idle', 'oldest', 'zones']))
    .max(4)
    .readonly()
    .optional(),
  protect: z.enum(['skip', 'wait', 'replace']).optional(),
  onDrainTimeout: z.enum(['pause', 'skip', 'force']).optional(),
  minHealthyMs: milliseconds.optional(),
}) satisfies z.ZodType<CyclePolicy>;

/** What a preview may be asked to suppose instead of what the cluster stores. Absent: as stored. */
export const knobsSchema = z.strictObject({
  targetSize: count.optional(),
  minSize: count.optional(),
  maxSize: count.optional(),
  drainTimeoutMs: milliseconds.optional(),
  policy: policySchema.optional(),
}) satisfies z.ZodType<Knobs>;
