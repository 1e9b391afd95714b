import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processesWithEnvironment } from '../../adapters/plugins/local/programs/process-identity.mjs';
import type { PrismaClient } from '../../adapters/postgres/generated/client.ts';
import type { SessionSpecInput } from '../../contract/session.ts';
import type { CrashKind } from './crash-points.ts';
import { bundleVictim, type CrashesInTurn, crashesInTurn, Herd, type HerdOptions } from './herd.ts';
import { SessionWorld } from './session-world.ts';

export interface SessionChaosOptions extends Pick<HerdOptions, 'ttlMs' | 'mutant' | 'say'>, CrashesInTurn {
  readonly database: { readonly url: string; readonly database: PrismaClient };
  readonly kills: number;
  /** The run is given up after this. */
  readonly limitMs: number;
}

/** All empty where nothing went wrong. Judged from the machines and the rows, not from what the runner says of itself. */
export interface SessionFindings {
  /** Executions whose program ran more than once. */
  readonly ranTwice: readonly string[];
  /** Components with two executions, or none though their session succeeded. */
  readonly miscounted: readonly string[];
  /** Executions that a machine still holds something of, though their session is over. */
  readonly orphans: readonly string[];
  /** Machines that are held for nobody. */
  readonly leaked: readonly string[];
  /** Machines that were held twice at one moment. */
  readonly heldTwice: readonly string[];
  /** Sessions that did not succeed: their programs always do. */
  readonly unsuccessful: readonly string[];
}

export interface SessionChaosResult {
  readonly kills: Readonly<Record<CrashKind, number>>;
  readonly sessions: number;
  readonly starts: number;
  readonly findings: SessionFindings;
  readonly lastedMs: number;
}

const WORKERS = 2;
const SESSIONS_AT_ONCE = 3;
const POOLS = { drivers: 2, workers: 4 };
const MACHINES = POOLS.drivers + POOLS.workers;

/**
 * Runs sessions of real processes on real local machines while the workers that lead them are killed at chosen points.
 * Each program writes its execution's id into a journal when it starts, which is what the run is judged from.
 */
export async function runSessionChaos(options: SessionChaosOptions): Promise<SessionChaosResult> {
  const began = performance.now();
  const world = await SessionWorld.open(options.database, POOLS);
  const journal = join(world.dataDirectory, 'journal');
  const { databaseUrl, dataDirectory, key } = world.workerSettings;
  const herd = new Herd({
    ...options,
    databaseUrl,
    dataDirectory,
    key: Buffer.from(key).toString('base64'),
    program: await bundleVictim(),
    crashes: crashesInTurn(options),
  });
  const late = () => performance.now() - began > options.limitMs;
  try {
    await world.openJournal(journal);
    herd.keep(WORKERS);
    await world.ready(MACHINES);
    let submitted = 0;
    while (herd.kills < options.kills || submitted === 0) {
      if (late()) throw new Error(`only ${herd.kills} of ${options.kills} kills in time`);
      const active = await world.database.session.count({ where: { state: { not: 'ended' } } });
      if (active < SESSIONS_AT_ONCE) await world.submit(session(++submitted, journal));
      else await delay(50);
    }
    herd.spare();
    options.say(`${herd.kills} kills done; waiting for the sessions to end`);
    while ((await world.database.session.count({ where: { state: { not: 'ended' } } })) > 0 && !late())
      await delay(100);
    await herd.stop();
    const starts = (await readFile(journal, 'utf8')).trim().split('\n');
    const findings = await judge(world, starts);
    return {
      kills: herd.killsByKind,
      sessions: submitted,
      starts: starts.length,
      findings,
      lastedMs: performance.now() - began,
    };
  } finally {
    await herd.stop();
    await world.close();
  }
}

/** A server, a client and a driver that succeed, and tell that they were started. */
function session(ordinal: number, journal: string): SessionSpecInput {
  const program = (rest: string) => ['/bin/sh', '-c', `echo "$ROUNDHOUSE_EXECUTION" >> ${journal}; ${rest}`];
  return {
    name: `chaos-${ordinal}`,
    components: [
      { name: 'server', kind: 'server', pool: 'workers', command: program('exec sleep 600') },
      { name: 'client', kind: 'client', pool: 'workers', command: program('exec sleep 600') },
      { name: 'driver', kind: 'driver', pool: 'drivers', command: program('sleep 0.3; echo done') },
    ],
  };
}

async function judge(world: SessionWorld, starts: readonly string[]): Promise<SessionFindings> {
  const { database } = world;
  const [sessions, executions, held, overlaps] = await Promise.all([
    database.session.findMany({ select: { id: true, name: true, state: true, outcome: true, verdict: true } }),
    database.execution.findMany({ select: { id: true, sessionId: true, name: true } }),
    database.reservationMachine.findMany({ where: { releasedAt: null } }),
    database.$queryRaw<{ machine: string }[]>`
      SELECT DISTINCT one.instance_id AS machine FROM reservation_machine AS one JOIN reservation_machine AS other
        ON one.cluster_id = other.cluster_id AND one.instance_id = other.instance_id
        AND one.reservation_id < other.reservation_id
        AND one.held_at < coalesce(other.released_at, 'infinity') AND other.held_at < coalesce(one.released_at, 'infinity')`,
  ]);
  const unsuccessful = sessions.filter(({ state, outcome }) => state !== 'ended' || outcome !== 'succeeded');
  const miscounted = sessions.flatMap(({ id, name, outcome }) => {
    const names = executions.filter(({ sessionId }) => sessionId === id).map((one) => one.name);
    const wrong = new Set(names).size < names.length || (outcome === 'succeeded' && names.length !== 3);
    return wrong ? [`${name}: ${names.join(', ')}`] : [];
  });
  const left = await world.componentsLeft();
  const running = executions.flatMap(({ id }) =>
    processesWithEnvironment(`ROUNDHOUSE_EXECUTION=${id}`).map((pid) => `${id} as process ${pid}`),
  );
  return {
    ranTwice: starts.filter((id, index) => starts.indexOf(id) < index),
    miscounted,
    orphans: [...left, ...running],
    leaked: held.map(({ instanceId, reservationId }) => `${instanceId} by ${reservationId}`),
    heldTwice: overlaps.map(({ machine }) => machine),
    unsuccessful: unsuccessful.map(({ name, state, verdict }) => `${name} ${state}: ${JSON.stringify(verdict)}`),
  };
}
