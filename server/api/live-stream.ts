import type { Services } from '../compose.ts';
import { cursorsSchema, type LiveEvent, type LiveMessage } from '../contract/live.ts';
import { frameOf } from '../contract/live-frame.ts';
import { createContext } from './context.ts';

const HEADERS = {
  'content-type': 'text/event-stream',
  // Held back by nobody on the way, to be compressed or kept.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

const SIGNED_OUT = 'event: signed-out\ndata: sign in again\n\n';

/**
 * Answers a request to `/api/live?cursors={…}`: what happens, as server-sent events of one frame each, without end. A
 * browser is not told the status of a stream that is refused, so who is signed out gets the event `signed-out` instead.
 *
 * It is no procedure: through the layers of one each message costs ten times as much as the change that it tells of.
 */
export async function handleLive(request: Request, services: Services): Promise<Response> {
  const cursors = cursorsSchema.safeParse(parseJson(new URL(request.url).searchParams.get('cursors')));
  if (!cursors.success) return new Response('cursors: not those of streams', { status: 400 });
  const { viewer, sessionId } = await createContext('GET', request.headers, services);
  if (viewer === null || sessionId === null) return new Response(SIGNED_OUT, { headers: HEADERS });
  const end = new AbortController();
  const isAllowed = () => services.identity.isOpen(sessionId);
  const items = services.live.eventsAfter(cursors.data, isAllowed, end.signal);
  const stop = async () => {
    end.abort();
    // Where a message lies ready that nobody takes any more, the signal alone is not seen.
    await items.return();
  };
  request.signal.addEventListener('abort', stop, { once: true });
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await items.next();
      if (done === true) controller.close();
      else for (const bytes of bytesOf(value.message)) controller.enqueue(bytes);
    },
    cancel: stop,
  });
  return new Response(body, { headers: HEADERS });
}

const encoder = new TextEncoder();
/** An event is written once in this process, for all who read it. */
const written = new WeakMap<LiveEvent, Uint8Array>();

function bytesOf(message: LiveMessage): readonly Uint8Array[] {
  return message.type === 'events' ? message.events.map(eventBytes) : [encode(message)];
}

function eventBytes(event: LiveEvent): Uint8Array {
  const known = written.get(event);
  if (known !== undefined) return known;
  const bytes = encode({ type: 'events', events: [event] });
  written.set(event, bytes);
  return bytes;
}

function encode(message: LiveMessage): Uint8Array {
  return encoder.encode(`data: ${frameOf(message)}\n\n`);
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
