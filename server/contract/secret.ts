import { z } from 'zod';
import { dependencyNameSchema } from './session.ts';

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
  value: z.string().min(1, 'a value is needed').max(64_000),
});
export const setConfigSchema = z.object({ name: dependencyNameSchema, data: z.string().max(256_000) });
export const dependencyByNameSchema = z.object({ name: dependencyNameSchema });
