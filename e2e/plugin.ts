import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { besideProduct, dataDirectory } from './stack.ts';

export interface RunningPlugin {
  /** Its socket, in the directory that the worker watches. */
  readonly address: string;
  /** Ends it, and its socket goes. */
  stop(): Promise<void>;
}

/** Serves machines of this host over InfraKit's protocol, as somebody does beside the product. */
export async function startPlugin(name: string): Promise<RunningPlugin> {
  const address = join(dataDirectory(), 'plugins', name);
  const server = spawn(process.execPath, ['scripts/infrakit.mjs', 'local', address], {
    env: besideProduct(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(server, 'close');
  await whenServing(server);
  return {
    address,
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/** It prints its socket when it can be asked. */
function whenServing(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    if (server.stdout !== null) createInterface({ input: server.stdout }).once('line', () => resolve());
    server.once('close', () => reject(new Error('The plugin ended before it served.')));
  });
}
