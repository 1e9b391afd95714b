import { z } from 'zod';
import type { Json } from '../domain/instance/plugin.ts';

export interface ActivityView {
  readonly id: string;
  readonly at: number;
  readonly actorName: string;
  readonly verb: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly objectName: string;
  readonly before: Json;
  readonly after: Json;
  readonly requestId: string | null;
}

export const activityListSchema = z.object({
  q: z.string().max(200).default(''),
  objectKind: z.string().max(40).optional(),
  objectId: z.string().max(200).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,19}$/)
    .nullish(),
  limit: z.number().int().min(1).max(100).default(50),
});
