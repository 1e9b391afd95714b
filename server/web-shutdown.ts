import { subscribe } from 'node:diagnostics_channel';
import { Server, ServerResponse } from 'node:http';

/** Longer than any request but a stream of events may take. */
const GRACE_MS = 5_000;

/**
 * Ends the web process on SIGTERM and SIGINT: it takes no new connection, lets requests finish, and cuts the event
 * streams, which browsers open again elsewhere. Next's own handling waits for those streams for ever, so it is switched
 * off by NEXT_MANUAL_SIG_HANDLE. Node's diagnostics are the only way to the server that Next keeps to itself.
 */
export function endOnSignal(): void {
  const servers = new Set<Server>();
  const open = new Set<ServerResponse>();
  let ending = false;
  const endWhenIdle = () => {
    if (ending && open.size === 0) process.exit(0);
  };
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null) return;
    if ('server' in message && message.server instanceof Server) servers.add(message.server);
    if (!('response' in message && message.response instanceof ServerResponse)) return;
    const response = message.response;
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      endWhenIdle();
    });
  });
  const end = () => {
    if (ending) return;
    ending = true;
    for (const server of servers) server.close();
    for (const response of [...open].filter(isEventStream)) response.destroy();
    setTimeout(() => process.exit(0), GRACE_MS);
    endWhenIdle();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}
