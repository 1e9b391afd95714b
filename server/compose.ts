import { PostgresActivityLog } from './adapters/postgres/activity-log.ts';
import type { PrismaClient } from './adapters/postgres/generated/client.ts';
import { ActivityService } from './services/activity-service.ts';

/** What the procedures of the web process speak to. */
export function composeWeb(database: PrismaClient) {
  return {
    activity: new ActivityService(new PostgresActivityLog(database)),
  };
}

export type Services = ReturnType<typeof composeWeb>;
