import { pino } from 'pino';
import { seed } from '../prisma/seed.ts';
import { workerLeft } from './adapters/postgres/workers.ts';
import { composeWorker } from './compose.ts';
import { env } from './env.ts';

/** The worker's main: fills an empty installation, then runs the loops until it is told to stop. */
const settings = env();
const log = pino({
  level: settings.logLevel,
  base: { worker: settings.workerId },
  serializers: { error: pino.stdSerializers.err },
});
const composed = await composeWorker({ ...settings, log });

function stop(): void {
  log.info('stopping');
  composed.worker.stop();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

await seed({ ...composed, ...settings, log });
log.info({ hostId: composed.hostId }, 'working');
await composed.worker.run();
await workerLeft(composed.database, settings.workerId);
await composed.close();
