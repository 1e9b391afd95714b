import { z } from 'zod';

const HOUR_MS = 3_600_000;

/**
 * What a machine of a `local` environment runs. Another value of any field is another configuration, so machines
 * started before the change are outdated.
 *
 * With an empty command a machine runs the bundled worker, which works on `jobs` without end: a drain takes as long
 * as the jobs in progress. Any other command is drained by SIGTERM, unless it speaks the protocol of
 * `server/adapters/plugins/local/programs/supervisor.mjs`.
 */
export const localSpecSchema = z
  .object({
    version: z.string().trim().min(1).max(60),
    command: z.array(z.string().min(1)).max(50).default([]),
    /** All that the program's environment holds besides what the protocol needs. */
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A name has letters, digits and _ only.'), z.string())
      .default({}),
    jobs: z
      .object({
        atOnce: z.int().min(0).max(20),
        durationMs: z
          .int()
          .min(10)
          .max(24 * HOUR_MS),
      })
      .default({ atOnce: 0, durationMs: 1_000 }),
    /** Time before the program is started, as if the machine had to boot. */
    startDelayMs: z.int().min(0).max(HOUR_MS).default(0),
    /** Healthy = answers GET with 2xx on 127.0.0.1. Without it a command is healthy while it runs. */
    probe: z
      .object({ port: z.int().min(1).max(65_535), path: z.string().startsWith('/') })
      .nullable()
      .default(null),
  })
  .strict();

export type LocalSpec = z.infer<typeof localSpecSchema>;
