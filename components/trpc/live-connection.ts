import type { Cursors, LiveMessage } from '@/server/contract/live.ts';
import { messageOf } from '@/server/contract/live-frame.ts';
import { MAX_STREAMS } from '@/server/contract/live-limits.ts';

export type ConnectionStatus =
  | { readonly kind: 'catching-up' }
  /** `lagMs`: how old the last event was when it came. */
  | { readonly kind: 'live'; readonly lagMs: number }
  | { readonly kind: 'offline'; readonly since: number };

/** Opens a stream from these cursors; the returned function closes it. After `onEnd` nothing more comes. */
export type OpenStream = (
  cursors: Cursors,
  handlers: { onFrame: (frame: string) => void; onEnd: (signedOut: boolean) => void },
) => () => void;

export interface ConnectionHandlers {
  onMessage(message: LiveMessage): void;
  onStatus(status: ConnectionStatus): void;
  /** The session has ended: the connection stays closed. */
  onSignedOut(): void;
}

const REOPEN_MS = 100;
const FIRST_BACK_OFF_MS = 500;
const MAX_BACK_OFF_MS = 20_000;
/** An opening that takes no longer is not worth a word. */
const QUIET_MS = 1_000;
/** A stream beats every 12 seconds; one that has been silent for so long is dead. */
const SILENCE_MS = 30_000;

/**
 * Keeps one stream open for the streams that are wanted. When their set changes it is opened anew, from where each was;
 * when it breaks it is opened again after a while that grows with each failure.
 */
export class LiveConnection {
  readonly #open: OpenStream;
  readonly #handlers: ConnectionHandlers;
  readonly #random: () => number;
  /** For each wanted stream the last number seen; null before anything was wanted. */
  #positions: Map<string, string> | null = null;
  #close: (() => void) | null = null;
  #opening: Timer;
  #silence: Timer;
  #slowness: Timer;
  #isPaused = false;
  #failures = 0;
  #offlineSince: number | null = null;
  #ahead = 0;

  constructor(open: OpenStream, handlers: ConnectionHandlers, random: () => number = Math.random) {
    this.#open = open;
    this.#handlers = handlers;
    this.#random = random;
  }

  /** Where each stream is now. */
  get positions(): Cursors {
    return Object.fromEntries(this.#positions ?? []);
  }

  /**
   * The streams that are wanted from now on; with none, only beats come. A cursor counts only for a stream that was not
   * wanted before.
   */
  want(cursors: Cursors): void {
    const before = this.#positions;
    const wanted = new Map(Object.entries(cursors).map(([stream, seq]) => [stream, before?.get(stream) ?? seq]));
    this.#positions = wanted;
    const isSame = before?.size === wanted.size && [...before.keys()].every((stream) => wanted.has(stream));
    if (!isSame) this.#openLater(REOPEN_MS);
  }

  /** Tries at once, where the connection is broken. */
  retryNow(): void {
    if (this.#close === null) this.#openLater(0);
  }

  /** Closes until `resume`, which goes on from the same positions. */
  pause(): void {
    this.#isPaused = true;
    this.#stop();
    clearTimeout(this.#opening);
  }

  resume(): void {
    this.#isPaused = false;
    this.retryNow();
  }

  #openLater(afterMs: number): void {
    clearTimeout(this.#opening);
    if (!this.#isPaused) this.#opening = setTimeout(() => this.#openNow(), afterMs);
  }

  #openNow(): void {
    this.#stop();
    if (this.#failures === 0)
      this.#slowness = setTimeout(() => this.#handlers.onStatus({ kind: 'catching-up' }), QUIET_MS);
    const cursors = Object.fromEntries(Object.entries(this.positions).slice(0, MAX_STREAMS));
    // A stream that was closed may have said its last word already.
    let isCurrent = true;
    const close = this.#open(cursors, {
      onFrame: (frame) => isCurrent && this.#received(messageOf(frame)),
      onEnd: (signedOut) => isCurrent && this.#ended(signedOut),
    });
    this.#close = () => {
      isCurrent = false;
      close();
    };
    this.#expectMessage();
  }

  #received(message: LiveMessage): void {
    this.#failures = 0;
    this.#offlineSince = null;
    clearTimeout(this.#slowness);
    this.#expectMessage();
    let lagMs = 0;
    if (message.type === 'beat') this.#ahead = message.at - Date.now();
    for (const { stream, seq, at } of message.type === 'events' ? message.events : []) {
      lagMs = Math.max(0, Date.now() + this.#ahead - at);
      this.#moved(stream, seq);
    }
    if (message.type === 'resync') this.#moved(message.stream, message.seq);
    this.#handlers.onMessage(message);
    this.#handlers.onStatus({ kind: 'live', lagMs });
  }

  #ended(signedOut: boolean): void {
    this.#stop();
    this.#offlineSince ??= Date.now();
    this.#handlers.onStatus({ kind: 'offline', since: this.#offlineSince });
    if (signedOut) {
      this.#handlers.onSignedOut();
      return;
    }
    this.#failures += 1;
    const backOff = Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (this.#failures - 1));
    this.#openLater(backOff * (0.5 + this.#random() / 2));
  }

  /** A stream that is not wanted any more may still speak until the connection is opened anew. */
  #moved(stream: string, seq: string): void {
    if (this.#positions?.has(stream)) this.#positions.set(stream, seq);
  }

  #expectMessage(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#ended(false), SILENCE_MS);
  }

  #stop(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#slowness);
    this.#close?.();
    this.#close = null;
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;
