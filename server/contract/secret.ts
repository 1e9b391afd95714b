import { z } from 'zod';
import { SHORTEST_SECRET } from '../domain/session/redact.ts';
import { dependencyNameSchema, isStorable, UNSTORABLE } from './session.ts';

/** A secret as people see it: never its value. */
export interface SecretRow {
  readonly name: string;
  readonly ownerName: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ConfigRow {
  readonly name: string;
  readonly ownerName: string;
  readonly data: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const setSecretSchema = z.object({
  name: dependencyNameSchema,
  value: z
    .string()
    .max(64_000)
    .refine(
      (value) => value.trim().length >= SHORTEST_SECRET,
      `at least ${SHORTEST_SECRET} characters: a shorter value could not be made unreadable in logs`,
    ),
});
export const setConfigSchema = z.object({
  name: dependencyNameSchema,
  data: z.string().max(256_000).refine(isStorable, UNSTORABLE),
});
export const dependencyByNameSchema = z.object({ name: dependencyNameSchema });
