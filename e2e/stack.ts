import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { isEngineRequired } from '../server/adapters/plugins/docker/test-demand.ts';

/** The product that the global set-up has started, as somebody on its host sees it. */
function toldBySetUp(name: 'ROUNDHOUSE_E2E_ADDRESS' | 'ROUNDHOUSE_E2E_LINK' | 'ROUNDHOUSE_E2E_DATA'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: the global set-up did not run.`);
  return value;
}

export const address = () => toldBySetUp('ROUNDHOUSE_E2E_ADDRESS');
export const firstSignInLink = () => toldBySetUp('ROUNDHOUSE_E2E_LINK');

/** The product's own. */
export const dataDirectory = () => toldBySetUp('ROUNDHOUSE_E2E_DATA');

/** What a program is told that is started beside the product, on its data directory. */
export const besideProduct = () => ({
  ...process.env,
  ROUNDHOUSE_DATA: dataDirectory(),
  DATABASE_URL: '',
  ROUNDHOUSE_URL: '',
});

/** Whether this run fails where no Docker engine can be run. */
export const isEngineDemanded = () => isEngineRequired(process.env.CI);

/** Where the browser's session of a person is kept from one spec to the next. */
export const sessionFile = (name: string) => join(dataDirectory(), `session-${name}.json`);

const runningSchema = z.object({ webPid: z.number().nullable(), workerPid: z.number().nullable() });

/** The process of the worker; null while it is being started again. */
export function workerPid(): number | null {
  const file = join(dataDirectory(), 'running.json');
  return runningSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).workerPid;
}

const serverSchema = z.object({ port: z.number(), password: z.string() });

/** For what has no page: a setting of an environment, and what happens to a simulated world by itself. */
export async function inDatabase(statement: string, values: readonly string[] = []): Promise<void> {
  const file = join(dataDirectory(), 'database/server.json');
  const { port, password } = serverSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const client = new pg.Client({ host: '127.0.0.1', port, password, user: 'roundhouse', database: 'roundhouse' });
  await client.connect();
  try {
    const { rowCount } = await client.query(statement, [...values]);
    if (rowCount !== 1) throw new Error(`One row should have been changed, ${rowCount} were.`);
  } finally {
    await client.end();
  }
}
