import { z } from 'zod';

/** What an administrator sets of an environment; absent: as it is. */
export const updateEnvironmentSchema = z.object({
  environmentId: z.string().max(100),
  selfApproval: z.boolean().optional(),
  approvalsNeeded: z.number().int().min(1).max(10).optional(),
  /** null: any number at once. */
  maxActiveCycles: z.number().int().min(1).max(1_000).nullable().optional(),
});
