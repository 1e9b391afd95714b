import { MAX_PATCHED, mergePatches, patchedCount } from '../contract/instances-patch.ts';
import type { Cursors, LiveEvent, LiveMessage } from '../contract/live.ts';

/** The events as they are stored. Numbers of a stream have no holes, but the oldest events are pruned. */
export interface EventLog {
  /** For each cursor the events after it, in order, at most `limit` of a stream. */
  after(cursors: Cursors, limit: number): Promise<readonly LiveEvent[]>;
  /** The number of each stream's last event; '0' before the first. */
  current(streams: readonly string[]): Promise<Cursors>;
}

export interface StreamNotifications {
  subscribe(stream: string, wake: (stream: string) => void): () => void;
}

/** A message, and the cursor that a reader who has seen it resumes from. */
export interface LiveItem {
  readonly cursor: Cursors;
  readonly message: LiveMessage;
}

/** How many events of a stream are kept in memory for its readers; who is further behind reads the table. */
const KEPT = 200;
const KEPT_AT_OPENING = 20n;
/** Who is further behind than this is told to read the objects again instead. */
const MAX_BEHIND = 1_000n;
const BEAT_MS = 12_000;
/** A reader is told at once, and then what came meanwhile, four times a second at most. */
const FRAME_MS = 250;
/** What its readers draw with many rows is told to all of them more seldom, and what is patched twice only once. */
const PACES = [
  { rows: 2_000, everyMs: 3_000 },
  { rows: 200, everyMs: 1_000 },
];

/** What happens, as it happens, for any number of readers. The table is the buffer: nothing is dropped for a slow one. */
export class LiveService {
  readonly #log: EventLog;
  readonly #tails: Tails;
  readonly #now: () => number;

  constructor(log: EventLog, notifications: StreamNotifications, now: () => number) {
    this.#log = log;
    this.#tails = new Tails(log, notifications);
    this.#now = now;
  }

  /** Readers that have not ended yet. */
  get readers(): number {
    return this.#tails.readers;
  }

  /**
   * The events after each cursor, without end, a beat at once and every few seconds, and `resync` where events are missing.
   * Ends when the signal aborts, or at the first beat at which `isAllowed` says no.
   */
  async *eventsAfter(
    from: Cursors,
    isAllowed: () => Promise<boolean>,
    signal: AbortSignal,
  ): AsyncGenerator<LiveItem, void, undefined> {
    const cursor = { ...from };
    const news = new Latch();
    const frame = new Latch();
    frame.open();
    const wake = () => news.open();
    const end = () => {
      news.open();
      frame.open();
    };
    signal.addEventListener('abort', end);
    // Subscribed before the first read, so that nothing falls between the two.
    const readers = Object.keys(from).map((stream) => this.#tails.join(stream, wake));
    let beatIsDue = true;
    const beat = setInterval(() => {
      beatIsDue = true;
      wake();
    }, BEAT_MS);
    let frameEnd: NodeJS.Timeout | undefined;
    try {
      while (!signal.aborted) {
        news.close();
        if (beatIsDue) {
          beatIsDue = false;
          if (!(await isAllowed())) return;
          yield { cursor: { ...cursor }, message: { type: 'beat', at: this.#now() } };
        }
        const events: LiveEvent[] = [];
        for (const reader of readers) {
          const unread = await this.#unread(reader, cursor[reader.stream] ?? '0');
          if (unread === 'missing') {
            const seq = String(reader.last);
            cursor[reader.stream] = seq;
            yield { cursor: { ...cursor }, message: { type: 'resync', stream: reader.stream, seq } };
            continue;
          }
          events.push(...unread);
          cursor[reader.stream] = unread.at(-1)?.seq ?? cursor[reader.stream] ?? '0';
          if (BigInt(cursor[reader.stream] ?? '0') < reader.last) news.open();
        }
        if (events.length > 0) {
          frame.close();
          frameEnd = setTimeout(frame.open, FRAME_MS);
          yield { cursor: { ...cursor }, message: { type: 'events', events } };
        }
        if (!signal.aborted) await Promise.all([news.opened, frame.opened]);
      }
    } finally {
      clearInterval(beat);
      clearTimeout(frameEnd);
      signal.removeEventListener('abort', end);
      for (const reader of readers) reader.leave();
    }
  }

  /** What a reader at `from` has not seen of the stream yet, or a first part of it. */
  async #unread(reader: Reader, from: string): Promise<readonly LiveEvent[] | 'missing'> {
    const { stream } = reader;
    await reader.ready();
    const seq = BigInt(from);
    // A snapshot may be newer than what was read here. Newer than the stream itself is another database's.
    if (seq > reader.last) return (await this.#isAhead(stream, seq)) ? 'missing' : [];
    if (seq === reader.last) return [];
    if (reader.last - seq > MAX_BEHIND) return 'missing';
    const kept = reader.after(seq);
    if (kept !== undefined) return kept;
    const events = await this.#log.after({ [stream]: from }, KEPT);
    return events[0]?.seq === String(seq + 1n) ? events : 'missing';
  }

  async #isAhead(stream: string, seq: bigint): Promise<boolean> {
    const current = await this.#log.current([stream]);
    return seq > BigInt(current[stream] ?? '0');
  }
}

interface Reader {
  readonly stream: string;
  /** The last number that its readers may be told now. */
  readonly last: bigint;
  /** Waits until `last` is known. */
  ready(): Promise<void>;
  /** The events after `seq` up to `last`, merged; undefined where `seq` is before those that are kept. */
  after(seq: bigint): readonly LiveEvent[] | undefined;
  leave(): void;
}

interface Tail {
  readonly stream: string;
  /** The last number that was read. */
  last: bigint;
  /** The last number that is told, at most `last`. */
  told: bigint;
  toldAt: number;
  /** Runs while something waits to be told. */
  telling: NodeJS.Timeout | undefined;
  /** How many rows its readers draw. */
  rows: number;
  /** The newest events, without a hole, up to `last`. */
  kept: LiveEvent[];
  /** What readers who ask from one number get. */
  frame: { readonly from: bigint; readonly to: bigint; readonly events: readonly LiveEvent[] } | undefined;
  known: boolean;
  readonly wakes: Set<() => void>;
  readonly unsubscribe: () => void;
}

/** One reading of each stream for all its readers: one query for all streams that were notified meanwhile. */
class Tails {
  readonly #log: EventLog;
  readonly #notifications: StreamNotifications;
  readonly #tails = new Map<string, Tail>();
  readonly #notified = new Set<string>();
  #reading: Promise<void> | null = null;

  constructor(log: EventLog, notifications: StreamNotifications) {
    this.#log = log;
    this.#notifications = notifications;
  }

  get readers(): number {
    return [...this.#tails.values()].reduce((sum, tail) => sum + tail.wakes.size, 0);
  }

  join(stream: string, wake: () => void): Reader {
    const tail = this.#tails.get(stream) ?? this.#open(stream);
    const ownWake = () => wake();
    tail.wakes.add(ownWake);
    return {
      stream,
      get last() {
        return tail.told;
      },
      ready: async () => {
        while (!tail.known && tail.wakes.has(ownWake)) await this.#readNotified();
      },
      after: (seq) => frameAfter(tail, seq),
      leave: () => {
        tail.wakes.delete(ownWake);
        if (tail.wakes.size > 0 || this.#tails.get(stream) !== tail) return;
        clearTimeout(tail.telling);
        tail.unsubscribe();
        this.#tails.delete(stream);
      },
    };
  }

  #open(stream: string): Tail {
    const wake = () => {
      this.#notified.add(stream);
      // A failed read is made again at the next poll; the readers go on waiting meanwhile.
      this.#readNotified().catch(() => undefined);
    };
    const unsubscribe = this.#notifications.subscribe(stream, wake);
    const nothing = { last: 0n, told: 0n, toldAt: Number.NEGATIVE_INFINITY, telling: undefined, rows: 0 };
    const tail: Tail = { stream, ...nothing, kept: [], frame: undefined, known: false, wakes: new Set(), unsubscribe };
    this.#tails.set(stream, tail);
    this.#notified.add(stream);
    return tail;
  }

  /** Reads on what was notified, again and again until nothing is. Callers at the same time share the one reading. */
  #readNotified(): Promise<void> {
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    // Streams that are notified in the same moment are read together.
    await Promise.resolve();
    while (this.#notified.size > 0) {
      const tails = [...this.#notified].flatMap((stream) => this.#tails.get(stream) ?? []);
      this.#notified.clear();
      if (tails.length === 0) return;
      try {
        await this.#findEnd(tails.filter((tail) => !tail.known));
        await this.#readEvents(tails);
      } catch (error) {
        for (const tail of tails) this.#notified.add(tail.stream);
        throw error;
      }
    }
  }

  /** A new tail begins a little before the stream's end: whoever reconnects finds there what they missed. */
  async #findEnd(tails: readonly Tail[]): Promise<void> {
    if (tails.length === 0) return;
    const current = await this.#log.current(tails.map((tail) => tail.stream));
    for (const tail of tails) {
      const end = BigInt(current[tail.stream] ?? '0');
      tail.last = end > KEPT_AT_OPENING ? end - KEPT_AT_OPENING : 0n;
    }
  }

  async #readEvents(tails: readonly Tail[]): Promise<void> {
    const cursors = Object.fromEntries(tails.map((tail) => [tail.stream, String(tail.last)]));
    const events = await this.#log.after(cursors, KEPT);
    for (const tail of tails) {
      const news = events.filter((event) => event.stream === tail.stream);
      this.#append(tail, news);
      // A full page means that there may be more.
      if (news.length === KEPT) this.#notified.add(tail.stream);
    }
  }

  #append(tail: Tail, news: readonly LiveEvent[]): void {
    for (const event of news) {
      const seq = BigInt(event.seq);
      // Pruned before they were read: the readers find the hole in the table.
      if (seq !== tail.last + 1n) tail.kept = [];
      tail.kept.push(event);
      tail.last = seq;
      tail.rows = event.body.rows ?? tail.rows;
    }
    tail.kept = tail.kept.slice(-KEPT);
    if (news.length === 0 && tail.known) return;
    tail.known = true;
    const everyMs = PACES.find(({ rows }) => tail.rows > rows)?.everyMs ?? 0;
    const waitMs = tail.toldAt + everyMs - performance.now();
    if (waitMs <= 0) tell(tail);
    else tail.telling ??= setTimeout(tell, waitMs, tail);
  }
}

function tell(tail: Tail): void {
  clearTimeout(tail.telling);
  tail.telling = undefined;
  tail.told = tail.last;
  tail.toldAt = performance.now();
  for (const wake of tail.wakes) wake();
}

/** The same events for all who ask from the same number, so that each is merged and written as text once. */
function frameAfter(tail: Tail, seq: bigint): readonly LiveEvent[] | undefined {
  const first = tail.last - BigInt(tail.kept.length);
  if (seq < first) return undefined;
  if (tail.frame?.from !== seq || tail.frame.to !== tail.told) {
    const events = merged(tail.kept.slice(Number(seq - first), Number(tail.told - first)));
    tail.frame = { from: seq, to: tail.told, events };
  }
  return tail.frame.events;
}

/** Patches that follow each other become one, up to the size that a patch may have. */
function merged(events: readonly LiveEvent[]): readonly LiveEvent[] {
  const frame: LiveEvent[] = [];
  for (const event of events) {
    const before = frame.at(-1);
    const [first, second] = [before?.body.patch, event.body.patch];
    const patch = first !== undefined && second !== undefined ? mergePatches(first, second) : undefined;
    if (patch === undefined || patchedCount(patch) > MAX_PATCHED) frame.push(event);
    else frame.splice(-1, 1, { ...event, body: { ...event.body, patch } });
  }
  return frame;
}

/** A door that many may open and one waits at. It is closed at first. */
class Latch {
  #resolve: () => void = () => undefined;
  opened = this.#next();

  readonly open = (): void => this.#resolve();

  close(): void {
    this.opened = this.#next();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}
