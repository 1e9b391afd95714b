import { z } from 'zod';
import { settingNames } from '../../../domain/cycle/settings.ts';
import { operations } from './chance.ts';
import { factsAt, fellOutAt, type Machine } from './model.ts';

const at = z.number().int();
const count = z.number().int().min(0);

const machineSchema = z.object({
  state: z.enum(['starting', 'started', 'draining', 'drained', 'terminating']),
  health: z.enum(['healthy', 'unhealthy', 'unknown']),
  inService: z.boolean(),
});

/** The cluster just before a call took effect, and the machine that the call named; everything as the world knows it. */
const detailSchema = z.object({
  logicalId: z.string().nullable(),
  /** Epoch milliseconds; null for calls that carry none. */
  deadline: at.nullable(),
  /** `null`: it did not exist, or had gone. */
  machine: machineSchema.nullable(),
  size: count,
  counts: z.object({ starting: count, started: count, draining: count, drained: count, terminating: count }),
  unhealthy: count,
  /** What a call to configure set. */
  settings: z
    .array(z.object({ name: z.enum(settingNames), instanceId: z.string().nullable(), value: z.string() }))
    .optional(),
  /** When machines in service were lost without a call, in the last `LOSSES_KEPT_MS`. */
  lossesAt: z.array(at),
});

export const LOSSES_KEPT_MS = 60_000;

export type CallDetail = z.infer<typeof detailSchema>;

/** One row of the call log, in the order in which the calls took effect. */
export const loggedCallSchema = z.object({
  id: z.bigint(),
  at: z.date().transform((date) => date.getTime()),
  operation: z.enum([...operations, 'label']),
  token: z.string().nullable(),
  instanceId: z.string().nullable(),
  clusterId: z.string().nullable(),
  /** Whether the world changed. */
  effect: z.boolean(),
  answer: z.enum(['ok', 'throttled', 'lost-answer', 'late-answer', 'refused']),
  /** How many machines of the cluster were started and healthy before the call took effect. */
  inService: count,
  detail: detailSchema,
});

export type LoggedCall = z.infer<typeof loggedCallSchema>;

export interface Census {
  readonly inService: number;
  readonly detail: Omit<CallDetail, 'logicalId' | 'deadline' | 'settings'>;
}

/** Counts a cluster at one moment and looks at one of its machines. */
export function takeCensus(machines: readonly Machine[], instanceId: string | null, now: number): Census {
  const counts = { starting: 0, started: 0, draining: 0, drained: 0, terminating: 0 };
  let [inService, unhealthy, size] = [0, 0, 0];
  let named: z.infer<typeof machineSchema> | null = null;
  for (const machine of machines) {
    const facts = factsAt(machine, now);
    if (!facts) continue;
    const serves = facts.state === 'started' && facts.health === 'healthy';
    size += 1;
    counts[facts.state] += 1;
    if (serves) inService += 1;
    if (facts.health === 'unhealthy') unhealthy += 1;
    if (machine.id === instanceId) named = { state: facts.state, health: facts.health, inService: serves };
  }
  const lossesAt = machines.flatMap((machine) => {
    const lostAt = fellOutAt(machine, now);
    return lostAt !== null && lostAt > now - LOSSES_KEPT_MS ? [lostAt] : [];
  });
  return { inService, detail: { machine: named, size, counts, unhealthy, lossesAt } };
}
