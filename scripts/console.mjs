import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from './database.mjs';
import { say, seconds, step } from './progress.mjs';
import { Refusal } from './refusal.mjs';
import { Supervised } from './supervised.mjs';

const HEALTHY_WITHIN_MS = 120_000;

/**
 * Runs web and worker on a database until a signal comes. `prepare` is what has to be done before they start, `web` and
 * `worker` are the arguments that Node gets, `greet` says what there is to say when all is up.
 */
export async function runConsole(env, { mode, prepare, web, worker, greet }) {
  await checkPort(env);
  const database = await openDatabase(env);
  const childEnv = {
    ...process.env,
    NODE_ENV: mode,
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: database.url,
    ROUNDHOUSE_KEY: database.key,
    ROUNDHOUSE_DATA: env.dataDirectory,
  };
  // Whoever looks after a running console finds its processes here.
  const file = join(env.dataDirectory, 'running.json');
  const note = () => {
    const [webPid, workerPid] = children.map((child) => child.pid);
    writeFileSync(file, JSON.stringify({ address: env.publicUrl, pid: process.pid, webPid, workerPid }), {
      mode: 0o600,
    });
  };
  const children = [new Supervised('web', web, childEnv, note), new Supervised('worker', worker, childEnv, note)];

  let stopping = false;
  const stop = async (code) => {
    if (stopping) return; // npm passes on a Ctrl-C that we have got already
    stopping = true;
    for (const child of children) await step(`Stopping ${child.name}`, () => child.stop());
    if (env.databaseUrl === null) await step('Stopping the database', database.stop);
    rmSync(file, { force: true });
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));

  try {
    await prepare();
    if (stopping) return;
    await step('Starting web and worker', async () => {
      for (const child of children) child.start();
      await healthy(env, children[0]);
    });
    say(`Roundhouse is ready after ${seconds(0)}: ${env.publicUrl}`);
    await greet(childEnv);
  } catch (error) {
    if (stopping) return; // what we stopped could not finish
    say(error instanceof Refusal ? error.message : error);
    await stop(1);
  }
}

async function healthy({ host, port }, web) {
  const giveUpAt = Date.now() + HEALTHY_WITHIN_MS;
  const address = `http://${urlHost(host)}:${port}/healthz`;
  for (;;) {
    const isUp = await fetch(address).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    if (web.deaths > 0) throw new Refusal('The web process does not start; what it said stands above.');
    if (Date.now() > giveUpAt) throw new Refusal(`The web process does not answer at ${address}.`);
    await delay(50);
  }
}

/** A server that listens on every address answers on the loopback one. */
function urlHost(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function checkPort({ host, port }) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error) => reject(new Refusal(whyNoPort(error.code, host, port))));
    server.listen(port, host, () => server.close(resolve));
  });
}

function whyNoPort(code, host, port) {
  const another = 'Choose another with ROUNDHOUSE_PORT.';
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is in use, perhaps by Roundhouse itself. ${another}`;
  if (code === 'EACCES') return `Port ${port} may not be used by this user. ${another}`;
  return `Nothing can listen on ${host} (${code}): set ROUNDHOUSE_HOST to an address of this machine.`;
}
