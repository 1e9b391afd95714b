import { hashPassword } from 'better-auth/crypto';
import { Identity } from './adapters/auth/identity.ts';
import { PostgresActivityLog } from './adapters/postgres/activity-log.ts';
import { createDatabase } from './adapters/postgres/database.ts';
import { PostgresEventLog } from './adapters/postgres/event-log.ts';
import { Notifications } from './adapters/postgres/notifications.ts';
import { PostgresPeople } from './adapters/postgres/people-store.ts';
import { env, type ProcessEnv } from './env.ts';
import { ActivityService } from './services/activity-service.ts';
import { LiveService } from './services/live-service.ts';
import { PeopleService } from './services/people-service.ts';

export type WebSettings = Pick<ProcessEnv, 'databaseUrl' | 'key' | 'publicUrl' | 'trustedProxies'>;

/** What the web process speaks to. `close()` ends its connections. */
export function composeWeb({ databaseUrl, key, publicUrl, trustedProxies }: WebSettings, now: () => number = Date.now) {
  const database = createDatabase(databaseUrl);
  const notifications = new Notifications(databaseUrl);
  const publicOrigins = [new URL(publicUrl).origin];
  return {
    publicOrigins,
    identity: new Identity(database, { key, publicOrigins, trustedProxies }),
    people: new PeopleService(new PostgresPeople(database), hashPassword, now),
    activity: new ActivityService(new PostgresActivityLog(database)),
    live: new LiveService(new PostgresEventLog(database), notifications, now),
    async close() {
      await notifications.close();
      await database.$disconnect();
    },
  };
}

export type Services = ReturnType<typeof composeWeb>;

const singleton = globalThis as { roundhouseWeb?: Services };

/** The services of this process. On `globalThis`, because Next loads a module once for each of its bundles. */
export function web(): Services {
  singleton.roundhouseWeb ??= composeWeb(env());
  return singleton.roundhouseWeb;
}
