import type { LogNews } from '@/server/contract/session';

/** The server says at least every 12 seconds that it is there; a stream that has been silent for so long is dead. */
const SILENCE_MS = 30_000;
const AGAIN_MS = 5_000;

/**
 * Follows a log from its line number `from` on, until the returned function is called or the log is over. A stream that
 * breaks is opened again after the last line that came. It speaks to the procedure `execution.log`, whose client would
 * be loaded with every page if it were tRPC's.
 */
export function followLog(executionId: string, from: number, onNews: (news: LogNews) => void): () => void {
  let last: string | null = null;
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const openIn = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(open, ms);
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
  };
  const open = () => {
    close();
    const input = JSON.stringify({ executionId, from, ...(last !== null && { lastEventId: Number(last) }) });
    source = new EventSource(`/api/trpc/execution.log?${new URLSearchParams({ input })}`);
    source.onmessage = ({ data, lastEventId }) => {
      last = lastEventId;
      openIn(SILENCE_MS);
      onNews(JSON.parse(String(data)) as LogNews);
    };
    source.onerror = () => openIn(AGAIN_MS);
    // How the server says that nothing more comes, or that it failed.
    source.addEventListener('return', close);
    source.addEventListener('serialized-error', () => openIn(AGAIN_MS));
    openIn(SILENCE_MS);
  };
  open();
  return close;
}
