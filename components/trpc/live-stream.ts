import type { ConnectionStatus } from '@/components/trpc/live-connection';
import type { LiveSource, TabHandlers, Want } from '@/components/trpc/live-tabs';
import type { Cursors, LiveEvent, LiveMessage } from '@/server/contract/live.ts';

/** How far what is shown can be trusted to be now. */
export type LiveStatus =
  | ConnectionStatus
  /** The stream does not come through, so everything is read again every few seconds. */
  | { readonly kind: 'polling' }
  /** A person wants the pages to stay as they are. */
  | { readonly kind: 'paused' };

/** A view of something that a stream tells about. */
export interface LiveView {
  /** What it was read with, and from there on the last event that was applied. */
  seq: string;
  /** Applies an event, or arranges that the view is read again. */
  apply(event: LiveEvent): void;
  /** Reads the view again; rejects where that fails. */
  refetch(): Promise<void>;
}

interface LiveStreamHandlers {
  onServerTime(now: number): void;
  onSignedOut(): void;
}

const POLL_MS = 5_000;

/** All that is live in this tab: which views there are, what comes for them, and how well. */
export class LiveStream {
  readonly #views = new Map<string, Set<LiveView>>();
  readonly #listeners = new Set<() => void>();
  readonly #handlers: LiveStreamHandlers;
  #source: LiveSource | null = null;
  #status: LiveStatus = { kind: 'catching-up' };
  #isVisible = true;
  #isPaused = false;
  #poll: ReturnType<typeof setInterval> | undefined;

  constructor(handlers: LiveStreamHandlers) {
    this.#handlers = handlers;
  }

  /** Begins to hear from a source; the returned function ends it. */
  start(makeSource: (handlers: TabHandlers) => LiveSource): () => void {
    const source = makeSource({
      want: () => this.#want(),
      onMessage: (message) => this.#received(message),
      onStatus: (status) => this.#connectionIs(status),
      onPositions: (positions) => this.#refetchMissed(positions),
      onSignedOut: () => this.#handlers.onSignedOut(),
    });
    this.#source = source;
    source.wantChanged();
    return () => {
      this.#source = null;
      this.#stopPolling();
      source.close();
    };
  }

  /** Makes a view live until the returned function is called. */
  register(stream: string, view: LiveView): () => void {
    const views = this.#views.get(stream) ?? new Set();
    this.#views.set(stream, views);
    views.add(view);
    this.#source?.wantChanged();
    return () => {
      views.delete(view);
      if (views.size > 0) return;
      this.#views.delete(stream);
      this.#source?.wantChanged();
    };
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#source?.wantChanged();
  }

  /** Leaves what this tab shows as it is, whatever comes, until `resume`. */
  pause(): void {
    this.#isPaused = true;
    this.#stopPolling();
    this.#source?.wantChanged();
    this.#show({ kind: 'paused' });
  }

  /** Goes on from where each view is, so that all that came in between is caught up with. */
  resume(): void {
    this.#isPaused = false;
    this.#show({ kind: 'catching-up' });
    this.#source?.wantChanged();
  }

  readonly isPaused = (): boolean => this.#isPaused;

  retryNow(): void {
    this.#source?.retryNow();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly status = (): LiveStatus => this.#status;

  #want(): Want {
    if (this.#isPaused) return { cursors: {}, attention: 'paused' };
    const cursors: Record<string, string> = {};
    for (const [stream, views] of this.#views) {
      for (const { seq } of views) if (isBefore(seq, cursors[stream])) cursors[stream] = seq;
    }
    return { cursors, attention: this.#isVisible ? 'seen' : 'hidden' };
  }

  #received(message: LiveMessage): void {
    if (message.type === 'beat') this.#handlers.onServerTime(message.at);
    if (this.#isPaused) return;
    if (message.type === 'resync') this.#refetchMissed({ [message.stream]: message.seq }, true);
    if (message.type === 'events') for (const event of message.events) this.#apply(event);
  }

  #apply(event: LiveEvent): void {
    for (const view of this.#views.get(event.stream) ?? []) {
      if (!isBefore(view.seq, event.seq)) continue;
      view.seq = event.seq;
      view.apply(event);
    }
  }

  /** Views that were read before these positions have missed events that no longer come. */
  #refetchMissed(positions: Cursors, always = false): void {
    if (this.#isPaused) return;
    for (const [stream, position] of Object.entries(positions)) {
      for (const view of this.#views.get(stream) ?? []) {
        if (!always && !isBefore(view.seq, position)) continue;
        view.seq = position;
        refetchSoon(view);
      }
    }
  }

  #connectionIs(status: ConnectionStatus): void {
    if (this.#isPaused) return;
    if (status.kind === 'offline') this.#poll ??= setInterval(() => void this.#refetchAll(), POLL_MS);
    else this.#stopPolling();
    // Each failed attempt says offline again, while polling may well come through.
    if (status.kind !== 'offline' || this.#status.kind !== 'polling') this.#show(status);
  }

  async #refetchAll(): Promise<void> {
    const poll = this.#poll;
    const views = [...this.#views.values()].flatMap((streamViews) => [...streamViews]);
    const since = this.#status.kind === 'offline' ? this.#status.since : Date.now();
    const outcomes = await Promise.allSettled(views.map((view) => view.refetch()));
    if (this.#poll !== poll) return;
    const failed = outcomes.some((outcome) => outcome.status === 'rejected');
    this.#show(failed ? { kind: 'offline', since } : { kind: 'polling' });
  }

  #stopPolling(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  #show(status: LiveStatus): void {
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }
}

/** The query shows its own failure. */
export function refetchSoon(view: Pick<LiveView, 'refetch'>): void {
  view.refetch().catch(() => undefined);
}

function isBefore(seq: string, other: string | undefined): boolean {
  return other === undefined || BigInt(seq) < BigInt(other);
}
