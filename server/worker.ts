import { hostname } from 'node:os';
import { pino } from 'pino';
import { seed } from '../prisma/seed.ts';
import { workerLeft } from './adapters/postgres/workers.ts';
import { composeInstallation, composeWorker } from './compose.ts';
import { applyConfiguration, checkedConfiguration } from './configuration-at-start.ts';
import { env } from './env.ts';
import { checkedHooks } from './hooks-at-start.ts';

/**
 * The worker's main: applies its configuration, or fills an empty installation where it has none; then it runs the
 * loops until it is told to stop.
 */
const settings = env();
const configuration = await checkedConfiguration(settings.configFile);
const hooks = await checkedHooks(settings.hooksFile);
const log = pino({
  level: settings.logLevel,
  base: { worker: settings.workerId },
  serializers: { error: pino.stdSerializers.err },
});
const composed = await composeWorker({ ...settings, hooks, log });

function stop(): void {
  log.info('stopping');
  composed.worker.stop();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

if (configuration === null) await seed({ ...composed, ...settings, log });
else {
  const host = { hostId: composed.hostId, hostName: hostname() };
  const { database } = composed;
  const installation = composeInstallation({ ...settings, database, hosts: async () => [host], clock: Date.now });
  await applyConfiguration(installation, configuration, log);
}
log.info({ hostId: composed.hostId }, 'working');
await composed.worker.run();
await workerLeft(composed.database, settings.workerId);
await composed.close();
