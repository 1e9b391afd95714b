import { canShare } from '@/components/trpc/can-share';
import { LiveConnection, type OpenStream } from '@/components/trpc/live-connection';
import { type Connect, type LiveSource, ownSource, sharedSource, type TabHandlers } from '@/components/trpc/live-tabs';

/** Live messages of the server for this tab, by the stream of all tabs where they can share one. */
export function liveSource(handlers: TabHandlers): LiveSource {
  const connect: Connect = (connectionHandlers) => new LiveConnection(openStream, connectionHandlers);
  return canShare()
    ? sharedSource(connect, handlers, crypto.randomUUID(), navigator.locks)
    : ownSource(connect, handlers);
}

const openStream: OpenStream = (cursors, { onFrame, onEnd }) => {
  const source = new EventSource(`/api/live?${new URLSearchParams({ cursors: JSON.stringify(cursors) })}`);
  const end = (signedOut: boolean) => {
    source.close();
    onEnd(signedOut);
  };
  source.onmessage = ({ data }) => onFrame(String(data));
  source.addEventListener('signed-out', () => end(true));
  // The browser would try again by itself; the connection does it, so that it can say so and wait longer each time.
  source.onerror = () => end(false);
  return () => source.close();
};
