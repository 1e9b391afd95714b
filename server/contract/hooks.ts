import { z } from 'zod';

/**
 * What hooks of this server may do, from a file of its own (ROUNDHOUSE_HOOKS): nothing that is set in the console can
 * add to it.
 */
export const hooksSchema = z.strictObject({
  /** By name: a program's absolute path and its arguments. No shell reads them. */
  commands: z
    .record(
      z.string().min(1).max(100),
      z
        .array(z.string())
        .min(1)
        .refine(([program]) => program?.startsWith('/'), 'begin with the absolute path of a program'),
    )
    .default({}),
  /** Addresses `host:port` that hooks and probes may reach although they are this host's own, or link-local. */
  reach: z.array(z.string().regex(/^[^\s/]+:\d+$/, 'write host:port')).default([]),
});

export type HookRules = z.infer<typeof hooksSchema>;
