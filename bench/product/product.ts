import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { WEB, WORKER } from '../../scripts/programs.mjs';
import { createDatabase } from '../../server/adapters/postgres/database.ts';
import { startEmbeddedServer } from '../../server/adapters/postgres/embedded-server.ts';
import type { PrismaClient } from '../../server/adapters/postgres/generated/client.ts';
import { applyMigrations } from '../../server/adapters/postgres/migrate.ts';
import { grantToProduct } from '../../server/adapters/postgres/product-role.ts';

/** The built product as it runs for people, on a database of its own, with one administrator. */
export interface Product {
  /** Without a slash at the end. */
  readonly address: string;
  readonly database: PrismaClient;
  readonly webPid: number;
  /** The header by which a request is the administrator's. */
  readonly cookie: string;
  /** Calls a mutation as the administrator. */
  mutate(procedure: string, input: object): Promise<unknown>;
  /** Asks a query as the administrator. */
  query(procedure: string, input?: object): Promise<unknown>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/** Starts web, and the worker where it is wanted; `fill` is called on the empty database before. */
export async function startProduct(
  programs: readonly ('web' | 'worker')[],
  fill: (database: PrismaClient) => Promise<void>,
): Promise<Product> {
  const directory = await mkdtemp(join(tmpdir(), 'roundhouse-bench-'));
  const server = await startEmbeddedServer(directory);
  await applyMigrations(server.ownerUrl, 'prisma/migrations');
  await grantToProduct(server.ownerUrl);
  const database = createDatabase(server.url);
  const children: ChildProcess[] = [];
  const stop = async () => {
    for (const child of children) await end(child);
    await database.$disconnect();
    await server.stop();
    await rm(directory, { recursive: true });
  };
  try {
    await fill(database);
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const env = {
      NODE_ENV: 'production' as const,
      DATABASE_URL: server.url,
      ROUNDHOUSE_DATA: directory,
      ROUNDHOUSE_KEY: randomBytes(32).toString('base64'),
      ROUNDHOUSE_LOCAL: 'off',
      ROUNDHOUSE_LOG_LEVEL: 'warn',
      ROUNDHOUSE_PORT: String(port),
    };
    const start = (program: readonly string[]) => {
      // They end with this process, however it ends: what is left over disturbs the next figures.
      const follow = ['--import', './scripts/follow-parent.mjs'];
      const child = spawn(process.execPath, [...follow, ...program], { env, stdio: ['pipe', 'ignore', 'inherit'] });
      children.push(child);
      return child;
    };
    const [web] = programs.map((program) => start(program === 'web' ? WEB : WORKER));
    await untilReady(address, web);
    const cookie = await makeAdministrator(address, env);
    const headers = { cookie, origin: address, 'content-type': 'application/json' };
    return {
      address,
      database,
      webPid: pidOf(web),
      cookie,
      mutate: async (procedure, input) =>
        answerOf(
          await fetch(`${address}/api/trpc/${procedure}`, {
            method: 'POST',
            headers,
            body: JSON.stringify(input),
          }),
        ),
      query: async (procedure, input) => {
        const search = input === undefined ? '' : `?${new URLSearchParams({ input: JSON.stringify(input) })}`;
        return answerOf(await fetch(`${address}/api/trpc/${procedure}${search}`, { headers }));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  await ended;
}

async function untilReady(address: string, web: ChildProcess | undefined): Promise<void> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const isUp = await fetch(`${address}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    if (typeof web?.exitCode === 'number' || Date.now() > giveUpAt) throw new Error('The web process does not start.');
    await delay(50);
  }
}

/** As a newcomer does: by the link that the first start prints. */
async function makeAdministrator(address: string, env: NodeJS.ProcessEnv): Promise<string> {
  const program = spawn(process.execPath, ['dist/first-sign-in.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: program.stdout }), 'line');
  const { link } = z.object({ link: z.string() }).parse(JSON.parse(String(line)));
  const account = { name: 'Ada Byron', email: 'ada@example.org', password: 'a turntable for engines' };
  const headers = { origin: address, 'content-type': 'application/json' };
  const token = new URL(link).hash.slice(1);
  const accepted = await fetch(`${address}/api/trpc/people.accept`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ token, ...account }),
  });
  if (!accepted.ok) throw new Error(`The invitation was not accepted: ${await accepted.text()}`);
  const signedIn = await fetch(`${address}/api/auth/sign-in/email`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email: account.email, password: account.password }),
  });
  if (!signedIn.ok) throw new Error(`Signing in failed: ${await signedIn.text()}`);
  return signedIn.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

const answerSchema = z.object({ result: z.object({ data: z.unknown() }) });

async function answerOf(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`${response.url} was answered ${response.status}: ${await response.text()}`);
  return answerSchema.parse(await response.json()).result.data;
}

function pidOf(child: ChildProcess | undefined): number {
  if (child?.pid === undefined) throw new Error('The web process was not started.');
  return child.pid;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()));
    });
  });
}
