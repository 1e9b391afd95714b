import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What becomes of a request: it reaches the engine, and its answer does not reach us; or an answer in the engine's place. */
export type Fate = 'answered' | 'lost' | 'silent' | { readonly status: number; readonly message: string };

/** Stands before an engine at a socket of its own. */
export interface CuttingProxy {
  readonly socket: string;
  /** Decides of each request that follows, and may hold it up. */
  fate: (method: string, url: string) => Fate | Promise<Fate>;
  close(): Promise<void>;
}

export async function cuttingProxy(engineSocket: string): Promise<CuttingProxy> {
  const socket = `${engineSocket}.proxy`;
  const proxy: CuttingProxy = { socket, fate: () => 'answered', close };
  const server = createServer(async (incoming, outgoing) => {
    const fate = await proxy.fate(incoming.method ?? '', incoming.url ?? '');
    if (typeof fate === 'object') {
      outgoing.writeHead(fate.status, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify({ message: fate.message }));
      return;
    }
    forward(incoming, outgoing, fate);
  });
  server.listen(socket);
  await once(server, 'listening');
  return proxy;

  function forward(incoming: IncomingMessage, outgoing: ServerResponse, fate: Exclude<Fate, object>): void {
    const { method, url, headers } = incoming;
    const onward = request({ socketPath: engineSocket, method, path: url, headers, agent: false }, (answer) => {
      if (fate === 'answered') {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        // Of what is followed nothing more may come for long.
        outgoing.flushHeaders();
        answer.pipe(outgoing);
        return;
      }
      answer.resume();
      // The engine has done it all by now.
      if (fate === 'lost') answer.on('end', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await rm(socket, { force: true });
  }
}
