import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { createDatabase } from './database.ts';
import { endReservation, PostgresReservations } from './reservations.ts';
import { wish } from './test-pools.ts';

/**
 * A process of many who reserve at once: each asks for machines of several pools, named in an order of its own, holds
 * them for a moment and gives them back. Started by the race test with its orders as JSON in the first argument; says as
 * JSON how it went, when all were served.
 */
const orders = z
  .object({
    databaseUrl: z.string(),
    name: z.string(),
    reservers: z.int(),
    pools: z.array(z.string()),
    seed: z.int(),
  })
  .parse(JSON.parse(process.argv[2] ?? 'null'));

/** What somebody else's release brings is looked for so often, as a worker does each second. */
const LOOK_EVERY_MS = 20;

const database = createDatabase(orders.databaseUrl);
const reservations = new PostgresReservations(database);
const random = numbersFrom(orders.seed);
const waiting = new Map<string, () => void>();
const times: number[] = [];

/** Resolves in turn: a busy machine answers so many at once, and the client refuses who waits long for a connection. */
const lanes: Promise<unknown>[] = Array(8).fill(Promise.resolve());
let asked = 0;
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const lane = asked++ % lanes.length;
  const turn = (lanes[lane] ?? Promise.resolve()).then(work);
  lanes[lane] = turn;
  return turn;
}

async function allocate(): Promise<void> {
  const begun = performance.now();
  await reservations.allocate();
  times.push(performance.now() - begun);
}

async function reserve(id: string): Promise<void> {
  const shuffled = orders.pools.map((pool) => [random(), pool] as const).sort(([a], [b]) => a - b);
  const pools = shuffled.slice(0, 1 + Math.floor(random() * 3));
  const held = new Promise<void>((resolve) => {
    waiting.set(id, resolve);
  });
  const counts = Object.fromEntries(pools.map(([size, pool]) => [pool, size < 0.2 ? 2 : 1]));
  // Who comes later and goes first makes two who decide at once decide differently.
  const priority = Math.floor(random() * 10);
  await inTurn(() => wish(database, id, counts, { priority }));
  await allocate();
  await held;
  await setImmediate();
  await inTurn(() => database.$transaction((tx) => endReservation(tx, id, 'released')));
  await allocate();
}

async function lookForOthers(): Promise<void> {
  while (waiting.size > 0) {
    const rows = await database.reservation.findMany({
      where: { id: { in: [...waiting.keys()] }, state: 'held' },
      select: { id: true },
    });
    for (const { id } of rows) {
      waiting.get(id)?.();
      waiting.delete(id);
    }
    if (rows.length === 0) await allocate();
    await delay(LOOK_EVERY_MS);
  }
}

/** The same numbers for the same seed: mulberry32. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const all = Array.from({ length: orders.reservers }, (_, index) => reserve(`${orders.name}-${index}`));
await Promise.all([...all, lookForOthers()]);
await database.$disconnect();
process.stdout.write(JSON.stringify({ served: all.length, times }));
