import type { ConnectionHandlers, ConnectionStatus, LiveConnection } from '@/components/trpc/live-connection';
import type { Cursors, LiveMessage } from '@/server/contract/live.ts';

/** What a tab wants to hear, and from where. */
export interface Want {
  readonly cursors: Cursors;
  /** `paused`: a person wants to hear nothing for a while. `hidden`: nobody sees the tab. */
  readonly attention: 'seen' | 'hidden' | 'paused';
}

export interface TabHandlers extends ConnectionHandlers {
  /** What this tab wants now. */
  want(): Want;
  /** Where each stream of the connection is; a view that is behind has missed what came before. */
  onPositions(positions: Cursors): void;
}

/** How a tab gets its messages: by a connection of its own, or by the one of all tabs. */
export interface LiveSource {
  /** What the tab wants has changed. */
  wantChanged(): void;
  retryNow(): void;
  close(): void;
}

/** Makes a connection that reports to these handlers. */
export type Connect = (handlers: ConnectionHandlers) => LiveConnection;

const HIDDEN_MS = 30_000;

/** A connection of the tab's own, closed while the tab is paused or has been hidden for 30 seconds. */
export function ownSource(connect: Connect, handlers: TabHandlers): LiveSource {
  const shared = new Wants(connect(handlers));
  return {
    wantChanged() {
      shared.set('own', handlers.want());
      handlers.onPositions(shared.connection.positions);
    },
    retryNow: () => shared.connection.retryNow(),
    close: () => shared.close(),
  };
}

type TabMessage =
  | { readonly type: 'want'; readonly tab: string; readonly want: Want }
  | { readonly type: 'retry' }
  /** A new leader asks all tabs what they want. */
  | { readonly type: 'led' }
  | { readonly type: 'positions'; readonly positions: Cursors; readonly status: ConnectionStatus | null }
  | { readonly type: 'message'; readonly message: LiveMessage }
  | { readonly type: 'status'; readonly status: ConnectionStatus }
  | { readonly type: 'signed-out' };

const CHANNEL = 'roundhouse-live';

/**
 * One connection for all tabs of the browser. The tab that holds the lock leads: it has the connection and tells the
 * others what comes. When it goes, another one gets the lock and asks each tab where it is, so nothing is lost. A hidden
 * leader, whose timers the browser slows down, hands over to a tab that is seen.
 */
export function sharedSource(
  connect: Connect,
  handlers: TabHandlers,
  tab: string,
  locks: Pick<LockManager, 'request'>,
): LiveSource {
  const channel = new BroadcastChannel(CHANNEL);
  const closing = new AbortController();
  let leading: Leading | null = null;

  const tell = (message: TabMessage) => channel.postMessage(message);
  /** Handles a message here as every other tab does. */
  const receive = (message: TabMessage) => {
    switch (message.type) {
      case 'message':
        return handlers.onMessage(message.message);
      case 'status':
        return handlers.onStatus(message.status);
      case 'signed-out':
        return handlers.onSignedOut();
      case 'positions':
        if (message.status !== null) handlers.onStatus(message.status);
        return handlers.onPositions(message.positions);
      case 'led':
        return tell({ type: 'want', tab, want: handlers.want() });
      case 'want':
        return accept(message.tab, message.want);
      case 'retry':
        return leading?.wants.connection.retryNow();
    }
  };
  const tellAll = (message: TabMessage) => {
    tell(message);
    receive(message);
  };

  function accept(from: string, want: Want): void {
    if (leading === null) return;
    if (want.attention === 'seen' && handlers.want().attention !== 'seen') {
      leading.handOver();
      return;
    }
    if (!leading.wants.has(from) && from !== tab) forgetWhenGone(from, leading.wants);
    leading.wants.set(from, want);
    tellAll({ type: 'positions', positions: leading.wants.connection.positions, status: leading.status });
  }

  /** A tab holds a lock of its own name while it lives, however it ends. */
  function forgetWhenGone(gone: string, wants: Wants): void {
    locks.request(tabLock(gone), { signal: closing.signal }, () => wants.delete(gone)).catch(ignoreAbort);
  }

  /** Leads until another tab is to, or this one closes. */
  async function lead(): Promise<void> {
    const connection = connect({
      onMessage: (message) => tellAll({ type: 'message', message }),
      onSignedOut: () => tellAll({ type: 'signed-out' }),
      onStatus(status) {
        if (leading !== null) leading.status = status;
        tellAll({ type: 'status', status });
      },
    });
    const wants = new Wants(connection);
    await new Promise<void>((resolve) => {
      leading = { wants, status: null, handOver: resolve };
      closing.signal.addEventListener('abort', () => resolve(), { once: true });
      accept(tab, handlers.want());
      tell({ type: 'led' });
    });
    leading = null;
    wants.close();
  }

  async function live(): Promise<void> {
    while (!closing.signal.aborted) await locks.request(CHANNEL, { signal: closing.signal }, lead);
  }

  channel.onmessage = (event: MessageEvent<TabMessage>) => receive(event.data);
  locks.request(tabLock(tab), { signal: closing.signal }, live).catch(ignoreAbort);

  return {
    wantChanged() {
      const want = handlers.want();
      if (leading === null) tell({ type: 'want', tab, want });
      else accept(tab, want);
    },
    retryNow: () => tellAll({ type: 'retry' }),
    close() {
      closing.abort();
      channel.close();
    },
  };
}

interface Leading {
  readonly wants: Wants;
  status: ConnectionStatus | null;
  readonly handOver: () => void;
}

/** What the tabs want together: every stream of any of them, while one of them is seen. A paused tab wants none. */
class Wants {
  readonly #wants = new Map<string, Want>();
  #hiding: ReturnType<typeof setTimeout> | undefined;
  #isPaused = false;

  constructor(readonly connection: LiveConnection) {}

  has(tab: string): boolean {
    return this.#wants.has(tab);
  }

  set(tab: string, want: Want): void {
    this.#wants.set(tab, want);
    this.#changed();
  }

  delete(tab: string): void {
    this.#wants.delete(tab);
    this.#changed();
  }

  close(): void {
    this.#pause();
  }

  #changed(): void {
    const wants = [...this.#wants.values()];
    const is = (attention: Want['attention']) => wants.some((want) => want.attention === attention);
    if (!is('seen') && !is('hidden')) this.#pause();
    this.connection.want(earliest(wants.map((want) => want.cursors)));
    if (is('seen')) this.#resume();
    else if (!this.#isPaused) this.#hiding ??= setTimeout(() => this.#pause(), HIDDEN_MS);
  }

  #pause(): void {
    this.#forgetHiding();
    this.#isPaused = true;
    this.connection.pause();
  }

  #resume(): void {
    this.#forgetHiding();
    if (this.#isPaused) this.connection.resume();
    this.#isPaused = false;
  }

  #forgetHiding(): void {
    clearTimeout(this.#hiding);
    this.#hiding = undefined;
  }
}

/** For each stream the lowest of its cursors: whoever is further ahead passes over what it has seen. */
export function earliest(all: readonly Cursors[]): Cursors {
  const merged: Record<string, string> = {};
  for (const [stream, seq] of all.flatMap((cursors) => Object.entries(cursors))) {
    const known = merged[stream];
    if (known === undefined || BigInt(seq) < BigInt(known)) merged[stream] = seq;
  }
  return merged;
}

function tabLock(tab: string): string {
  return `roundhouse-tab-${tab}`;
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
}
