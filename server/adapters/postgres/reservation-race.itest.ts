import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PostgresReservations } from './reservations.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { addCluster, addEnvironment, wish } from './test-pools.ts';

const PROCESSES = 4;
const POOLS = ['alpha', 'Beta', 'gamma', 'δ', 'epsilon', 'zeta'];
const MACHINES = 12;
const run = promisify(execFile);
/** The reserver in a bundle, so that it starts in a moment; beside the packages, so that it finds them. */
const program = fileURLToPath(
  new URL(`../../../node_modules/.cache/roundhouse-race/${randomUUID()}.mjs`, import.meta.url),
);

let fresh: TestDatabase;
let owner: pg.Client;

beforeAll(() =>
  build({
    entryPoints: [fileURLToPath(new URL('./test-reserver.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
  }),
);
afterAll(() => rm(program));
beforeEach(async () => {
  fresh = await createTestDatabase();
  owner = new pg.Client({ connectionString: fresh.ownerUrl });
  await owner.connect();
  await addEnvironment(fresh.database, 'local');
  for (const pool of POOLS) {
    await addCluster(fresh.database, pool, {
      machines: Array.from({ length: MACHINES }, (_, index) => `${pool}-${index}`),
    });
  }
});
afterEach(async () => {
  await owner.end();
  await fresh.drop();
});

interface Outcome {
  readonly served: number;
  readonly times: readonly number[];
}

async function race(reservers: number): Promise<{ readonly outcomes: readonly Outcome[]; readonly doubles: number }> {
  const racing = Promise.all(
    Array.from({ length: PROCESSES }, async (_, index): Promise<Outcome> => {
      const orders = { databaseUrl: fresh.url, name: `p${index}`, reservers, pools: POOLS, seed: index + 1 };
      const { stdout } = await run(process.execPath, [program, JSON.stringify(orders)]);
      return JSON.parse(stdout) as Outcome;
    }),
  );
  let over = false;
  const ended = racing.finally(() => {
    over = true;
  });
  let doubles = 0;
  const judge = async () => {
    while (!over) {
      doubles = Math.max(doubles, await doubleHolders());
      await refreshFacts();
      await delay(200);
    }
  };
  const [outcomes] = await Promise.all([ended, judge()]);
  return { outcomes, doubles: Math.max(doubles, await doubleHolders()) };
}

/** How many pairs of reservations ever held one machine at the same time. */
async function doubleHolders(): Promise<number> {
  const { rows } = await owner.query<{ doubles: string }>(`
    SELECT count(*) AS doubles FROM reservation_machine AS one JOIN reservation_machine AS other
      ON other.cluster_id = one.cluster_id AND other.instance_id = one.instance_id
      AND other.reservation_id > one.reservation_id
      AND tstzrange(other.held_at, other.released_at) && tstzrange(one.held_at, one.released_at)`);
  return Number(rows[0]?.doubles);
}

/** As an observer does: machines of which nobody has heard for a minute are given to nobody. */
async function refreshFacts(): Promise<void> {
  await owner.query('UPDATE cluster SET observed_at = now()');
}

async function deadlocks(): Promise<number> {
  const { rows } = await owner.query<{ deadlocks: string }>(
    'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0]?.deadlocks);
}

/** The same rows, seen through a function: there is nothing in them that could be locked. */
async function takeTheLockAway(): Promise<void> {
  await owner.query(`
    ALTER TABLE pool RENAME TO pool_row;
    CREATE FUNCTION pools() RETURNS SETOF pool_row LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT * FROM pool_row; END';
    CREATE VIEW pool AS SELECT * FROM pools();
    CREATE FUNCTION add_pool() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN INSERT INTO pool_row (name) VALUES (NEW.name) ON CONFLICT DO NOTHING; RETURN NULL; END';
    CREATE TRIGGER add_pool INSTEAD OF INSERT ON pool FOR EACH ROW EXECUTE FUNCTION add_pool();
    GRANT SELECT, INSERT, UPDATE ON pool TO roundhouse`);
}

const takeTheIndexAway = () => owner.query('DROP INDEX reservation_machine_held_once');

function figures(outcomes: readonly Outcome[]): string {
  const times = outcomes.flatMap((outcome) => outcome.times).sort((a, b) => a - b);
  const at = (share: number) => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(0)} ms`;
  return `${times.length} asked for an allocation, which lasted p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`;
}

test('1,000 who reserve at once from 4 processes are all served, and no machine has two holders', async () => {
  const before = await deadlocks();
  const { outcomes, doubles } = await race(250);
  expect(doubles).toBe(0);
  expect(outcomes.map(({ served }) => served)).toEqual(Array(PROCESSES).fill(250));
  expect(await fresh.database.reservation.count({ where: { heldAt: { not: null }, endReason: 'released' } })).toBe(
    1_000,
  );
  expect(await fresh.database.reservationMachine.count({ where: { releasedAt: null } })).toBe(0);
  expect(await deadlocks()).toBe(before);
  console.log(figures(outcomes));
}, 120_000);

test.each([
  ['the lock of the pools alone', takeTheIndexAway],
  ['the unique index alone', takeTheLockAway],
])(
  '%s keeps two from holding one machine',
  async (_, mutate) => {
    await mutate();
    const { outcomes, doubles } = await race(40);
    expect(doubles).toBe(0);
    expect(outcomes.map(({ served }) => served)).toEqual(Array(PROCESSES).fill(40));
  },
  60_000,
);

/** Another process is about to give the only machine away while an allocation asks for it. Answers the double holders. */
async function meetOneWhoDecides(): Promise<number> {
  const { database } = fresh;
  await addCluster(database, 'lonely', { machines: ['a'] });
  await owner.query(`INSERT INTO pool (name) VALUES ('lonely')`);
  await wish(database, 'mine', { lonely: 1 });
  const other = new pg.Client({ connectionString: fresh.url });
  await other.connect();
  await other.query(`BEGIN; SELECT 1 FROM pool WHERE name = 'lonely' FOR UPDATE`);
  let given = false;
  const allocation = new PostgresReservations(database).allocate().finally(() => {
    given = true;
  });
  while (!given && (await waitingForLocks()) === 0) await delay(10);
  await other.query(`
    INSERT INTO reservation (id, kind, state, name, holder_name, wants) VALUES ('theirs', 'manual', 'held', '', '', '[]');
    INSERT INTO reservation_machine (reservation_id, component, pool, environment_id, cluster_id, instance_id)
    VALUES ('theirs', 'machine-1', 'lonely', 'local', 'lonely', 'a'); COMMIT`);
  await other.end();
  await allocation;
  return doubleHolders();
}

async function waitingForLocks(): Promise<number> {
  const { rows } = await owner.query<{ waiting: string }>(
    `SELECT count(*) AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return Number(rows[0]?.waiting);
}

test('who decides waits for another who decides, and sees what he gave away', async () => {
  await takeTheIndexAway();
  expect(await meetOneWhoDecides()).toBe(0);
});

test('without the lock and the index a machine has two holders, and the judge sees it', async () => {
  await takeTheIndexAway();
  await takeTheLockAway();
  expect(await meetOneWhoDecides()).toBe(1);
});
