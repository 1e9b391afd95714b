/**
 * What live streams cost a web process of the built product: 200 and then 1,000 of them read one object that changes
 * once a second, and each minute one in ten is cut off and opened again from where it was. From the writing of a change
 * to its first byte at a reader the 95th percentile may take 150 ms at 200 streams and 500 ms at 1,000; no event may be
 * lost or come twice; a stream may take 400 KB of the process. Readers and writer share this one process, so their own
 * work counts too. `--minutes 10` is the whole proof; without it each size takes one minute.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { type ClientRequest, get } from 'node:http';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { appendEvents } from '../server/adapters/postgres/event-log.ts';
import { Gates, median, percentile } from './product/gates.ts';
import { type Product, startProduct } from './product/product.ts';

const STREAM = 'environment:env_bench';
const SIZES = [
  { streams: 200, limitMs: 150 },
  { streams: 1_000, limitMs: 500 },
];
const LIMIT_KB = 400;
const EVERY_MS = 1_000;
const CUT_A_MINUTE = 0.1;
const REOPEN_MS = 500;
/** Opened at once, so that not all streams beat and are checked in the same moment. */
const OPENED_AT_ONCE = 25;
/** What an observer says of an environment in which ten clusters have changed. */
const CHANGED = Array.from({ length: 10 }, (_, index) => `clu_${String(index).padStart(20, '0')}`);

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' } } });
const durationMs = Number(values.minutes) * 60_000;

/** When each number was written; what a reader has seen is compared with it. */
const writtenAt = new Map<number, number>();
let written = 0;

class Reader {
  readonly lags: number[] = [];
  last = written;
  lost = 0;
  repeated = 0;
  readonly #product: Product;
  #request: ClientRequest | undefined;
  #isOpen = true;

  constructor(product: Product) {
    this.#product = product;
  }

  /** Resolves at the first byte, and fails where the stream is refused. */
  open(): Promise<void> {
    const cursors = JSON.stringify({ [STREAM]: String(this.last), plans: '0' });
    const url = `${this.#product.address}/api/live?${new URLSearchParams({ cursors })}`;
    return new Promise((resolve, reject) => {
      const request = get(url, { agent: false, headers: { cookie: this.#product.cookie } }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`a stream was answered ${response.statusCode}`));
        response.once('data', () => resolve());
        response.setEncoding('utf8');
        response.on('data', (text: string) => this.#read(text));
        response.on('end', () => this.#isOpen && this.#reopen());
        response.on('error', () => undefined);
      });
      request.on('error', reject);
      this.#request = request;
    });
  }

  /** As a network does: without a word. It comes back after a while. */
  cut(): void {
    this.#request?.destroy();
    this.#reopen();
  }

  close(): void {
    this.#isOpen = false;
    this.#request?.destroy();
  }

  #reopen(): void {
    setTimeout(() => this.#isOpen && this.open().catch(() => this.#reopen()), REOPEN_MS);
  }

  #read(text: string): void {
    const now = performance.now();
    // An event is in one piece, and its number stands in it once.
    for (const [, digits] of text.matchAll(/"seq":"(\d+)/g)) {
      const seq = Number(digits);
      if (seq <= this.last) this.repeated += 1;
      else this.lost += seq - this.last - 1;
      this.last = Math.max(this.last, seq);
      this.lags.push(now - (writtenAt.get(seq) ?? Number.NaN));
    }
  }
}

const gates = new Gates();
const product = await startProduct(['web'], async () => undefined);
try {
  await write();
  await measure(50, 5_000); // the first streams compile what all others use
  const before = webNow();
  for (const { streams, limitMs } of SIZES) {
    console.log(`${streams} streams for ${durationMs / 60_000} minutes, load ${loadavg()[0]?.toFixed(1)}`);
    const seen = await measure(streams, durationMs);
    gates.told(`${streams} streams, change → byte p50`, `${percentile(seen.lags, 0.5).toFixed(0)} ms`);
    gates.atMost(`${streams} streams, change → byte p95`, percentile(seen.lags, 0.95), limitMs, 'ms');
    gates.told(`${streams} streams, messages`, String(seen.lags.length));
    gates.told(`${streams} streams, cut off and opened again`, String(seen.cuts));
    gates.exactly(`${streams} streams, events lost`, seen.lost, 0);
    gates.exactly(`${streams} streams, events repeated`, seen.repeated, 0);
    gates.atMost(`${streams} streams, memory a stream`, (seen.memoryKb - before.memoryKb) / streams, LIMIT_KB, 'KB');
    gates.told(`${streams} streams, processor time a message`, `${(seen.cpuMs / seen.lags.length).toFixed(2)} ms`);
  }
  gates.atMost('sockets left open when all have gone', webNow().sockets - before.sockets, 2, '');
} finally {
  await product.stop();
}
gates.end();

async function measure(streams: number, forMs: number) {
  const readers = Array.from({ length: streams }, () => new Reader(product));
  for (let from = 0; from < streams; from += OPENED_AT_ONCE) {
    await Promise.all(readers.slice(from, from + OPENED_AT_ONCE).map((reader) => reader.open()));
  }
  await delay(1_000);
  for (const reader of readers) reader.lags.length = 0;
  const begun = webNow();
  const memory: number[] = [];
  const until = performance.now() + forMs;
  let cuts = 0;
  for (let round = 1; performance.now() < until; round += 1) {
    const next = performance.now() + EVERY_MS;
    await write();
    for (; cuts < (streams * CUT_A_MINUTE * round * EVERY_MS) / 60_000; cuts += 1) readers[(cuts * 7) % streams]?.cut();
    await delay(Math.max(0, next - performance.now()));
    memory.push(webNow().memoryKb);
  }
  const { cpuMs } = webNow();
  // Who was cut off last is back, and has been told what it missed.
  await delay(REOPEN_MS + 2_000);
  const missed = readers.map((reader) => written - reader.last);
  for (const reader of readers) reader.close();
  await delay(2_000);
  return {
    lags: readers.flatMap((reader) => reader.lags),
    lost: sum(readers.map(({ lost }) => lost)) + sum(missed),
    repeated: sum(readers.map(({ repeated }) => repeated)),
    cuts,
    memoryKb: median(memory.slice(Math.floor(memory.length / 2))),
    cpuMs: cpuMs - begun.cpuMs,
  };
}

/** Counted from the moment before the statement that writes and commits it. */
async function write(): Promise<void> {
  writtenAt.set(written + 1, performance.now());
  const body = { clusterIds: CHANGED, observedAt: Date.now() };
  await appendEvents(product.database, [{ stream: STREAM, kind: 'changed', body }]);
  written += 1;
}

/** What the web process takes now. */
function webNow(): { readonly memoryKb: number; readonly cpuMs: number; readonly sockets: number } {
  const read = (file: string) => readFileSync(`/proc/${product.webPid}/${file}`, 'utf8');
  const memoryKb = Number(/VmRSS:\s+(\d+)/.exec(read('status'))?.[1]);
  const [user = 0, system = 0] = read('stat').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? [];
  return { memoryKb, cpuMs: (user + system) * 10, sockets: readdirSync(`/proc/${product.webPid}/fd`).length };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
