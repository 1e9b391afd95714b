import { pino } from 'pino';
import { z } from 'zod';
import { composeWorker } from '../../compose.ts';
import { CrashPoints, crashKinds } from './crash-points.ts';
import { leaveComponents } from './leave-components.ts';
import { recordAfterCall } from './record-after-call.ts';

/** A worker that kills itself. Started by the chaos run, with its orders as JSON in the first argument. */
const orders = z
  .object({
    databaseUrl: z.string(),
    dataDirectory: z.string(),
    leaseTtlMs: z.number(),
    workerId: z.string(),
    crash: z
      .union([
        z.object({ kind: z.enum(crashKinds), nth: z.number() }),
        z.object({ kind: z.literal('ledger'), point: z.string() }),
      ])
      .nullable(),
    mutant: z.boolean(),
    key: z.string(),
  })
  .parse(JSON.parse(process.argv[2] ?? 'null'));

const points = new CrashPoints(orders.crash);
const composed = await composeWorker({
  ...orders,
  key: Buffer.from(orders.key, 'base64'),
  executorCount: 16,
  log: pino({ level: 'error' }, pino.destination(2)),
  wrap: {
    database: (database) => points.database(database),
    environment: (environment) => points.environment(environment),
    sessions: (store) => points.sessions(store),
    executor: (executor) => points.executor(orders.mutant ? leaveComponents(executor) : executor),
    store: (store, database) =>
      points.store(orders.mutant ? recordAfterCall(store, database, orders.leaseTtlMs) : store),
  },
});
process.once('SIGTERM', () => composed.worker.stop());
await composed.worker.run();
await composed.close();
