import { z } from 'zod';

const share = z.number().min(0).max(1);

/** The least and the most of a time that is drawn, both possible. */
const range = z
  .tuple([z.number().int().min(0).max(86_400_000), z.number().int().min(0).max(86_400_000)])
  .refine(([least, most]) => least <= most, 'the first number may not be greater than the second');

/**
 * How the world of a simulated environment behaves. Everything that is left to chance is drawn from `seed`: the same
 * calls meet the same machines and the same faults in every run. A change counts for machines that are started later.
 */
export const simulatorSettingsSchema = z.strictObject({
  seed: z.string().min(1).default('roundhouse'),
  startMs: range.default([2_000, 6_000]),
  /** From the order to drain until the last workload is done. */
  drainMs: range.default([1_000, 8_000]),
  terminateMs: range.default([500, 2_000]),
  zones: z.array(z.string().min(1)).min(1).default(['zone-a', 'zone-b', 'zone-c']),
  /** How many workloads a started machine takes. */
  workloads: z
    .tuple([z.number().int().min(0).max(50), z.number().int().min(0).max(50)])
    .refine(([least, most]) => least <= most, 'the first number may not be greater than the second')
    .default([0, 4]),
  /** The share of machines that are protected. */
  protected: share.default(0),
  /** The share of machines, or of calls, that meet each fault. */
  faults: z
    .strictObject({
      /** Takes ten times as long to start. */
      slowStart: share.default(0),
      /** Never starts, starts and is never healthy, or dies while it starts. */
      failedStart: share.default(0),
      /** Is never drained. */
      stuckDrain: share.default(0),
      /** Dies by itself some time after it started. */
      death: share.default(0),
      /** The call has no effect. */
      throttling: share.default(0),
      /** The call takes effect, and fails. */
      lostAnswer: share.default(0),
      /** The call takes effect, and answers after its deadline. */
      lateAnswer: share.default(0),
    })
    .prefault({}),
  /** From started to the death that the fault `death` brings. */
  deathAfterMs: range.default([5_000, 60_000]),
});

export type SimulatorSettings = z.infer<typeof simulatorSettingsSchema>;
