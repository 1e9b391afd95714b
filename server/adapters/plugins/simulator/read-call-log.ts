import { z } from 'zod';
import type { PrismaClient } from '../../postgres/generated/client.ts';
import { type LoggedCall, loggedCallSchema } from './call-log.ts';

/** All calls of an environment, those of one cluster in the order in which they took effect. */
export async function readCallLog(database: PrismaClient, environmentId: string): Promise<readonly LoggedCall[]> {
  const rows = await database.simCall.findMany({ where: { environmentId }, orderBy: { id: 'asc' } });
  return z.array(loggedCallSchema).parse(rows);
}
