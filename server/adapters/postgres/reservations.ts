import { compareBytewise } from '../../domain/pool/bytewise.ts';
import { type Handed, handOut } from '../../domain/pool/hand-out.ts';
import type { Wish } from '../../domain/pool/supply.ts';
import { appendEvents, changed, type Database, type NewEvent } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { type MachineOfPool, poolSupplies } from './pool-machines.ts';

type Transaction = Prisma.TransactionClient;

export interface NewReservation {
  readonly id: string;
  readonly kind: 'session' | 'manual';
  readonly name: string;
  readonly sessionId: string | null;
  readonly holderId: string | null;
  readonly holderName: string;
  readonly purpose: string;
  readonly priority: number;
  /** One for each machine; no component twice. */
  readonly wants: readonly { readonly component: string; readonly pool: string }[];
  /** How long it is held once it has its machines; 0 = until its session ends. */
  readonly leaseMs: number;
}

export type EndReason = 'released' | 'expired' | 'cancelled' | 'session-ended' | 'holder-gone';

/** The streams of the list of pools and of each of these. */
export function poolEvents(pools: readonly string[], what: string): readonly NewEvent[] {
  const streams = pools.length === 0 ? [] : ['pools', ...new Set(pools.map((pool) => `pool:${pool}`))];
  return streams.map((stream) => changed(stream, what));
}

/** Puts it at the end of the queue. It gets its machines with the next allocation in which it fits. */
export async function requestReservation(tx: Transaction, reservation: NewReservation): Promise<void> {
  const { wants, leaseMs, ...columns } = reservation;
  await tx.reservation.create({
    data: {
      ...columns,
      state: 'waiting',
      wants: wants.map(({ component, pool }) => ({ component, pool })),
      pools: [...new Set(wants.map(({ pool }) => pool))],
      leaseMs: BigInt(leaseMs),
    },
  });
}

/**
 * Ends it, waiting or held, and frees its machines. Answers the pools for which that is news: none where it had ended
 * before, or never was. The caller tells their streams.
 */
export function endReservation(tx: Transaction, reservationId: string, reason: EndReason): Promise<readonly string[]> {
  return endReservations(tx, Prisma.sql`reservation.id = ${reservationId}`, reason);
}

/** The same for all that are open and meet a condition; their rows are locked in the order of their ids. */
export async function endReservations(
  tx: Transaction,
  condition: Prisma.Sql,
  reason: EndReason,
): Promise<readonly string[]> {
  // Locked by a statement of its own: only the next one sees the machines that a reservation got while this one waited.
  const due = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM reservation WHERE state IN ('waiting', 'held') AND (${condition}) ORDER BY id FOR UPDATE`;
  if (due.length === 0) return [];
  const rows = await tx.$queryRaw<{ pool: string }[]>`
    WITH ended AS (
      UPDATE reservation SET state = 'ended', ended_at = clock_timestamp(), end_reason = ${reason}
      WHERE id = ANY(${due.map(({ id }) => id)}) RETURNING id, pools
    ), freed AS (
      UPDATE reservation_machine SET released_at = greatest(clock_timestamp(), held_at)
      FROM ended WHERE reservation_id = ended.id AND released_at IS NULL
    )
    SELECT DISTINCT unnest(pools) AS pool FROM ended`;
  return rows.map(({ pool }) => pool);
}

/** What the machines that it holds do from now on. */
export async function markMachines(
  tx: Transaction,
  reservationId: string,
  state: 'reserved' | 'running' | 'cleaning',
): Promise<void> {
  await tx.reservationMachine.updateMany({ where: { reservationId, releasedAt: null }, data: { state } });
}

export interface Executors {
  /** How many more sessions could be run now. */
  readonly room: () => number;
  /** The host of those that run them: sessions get machines that it may speak to. Null = no matter. */
  readonly hostId: string | null;
}

/** For who runs no sessions: they keep their places in the queue, and their machines are left free for them. */
const NO_EXECUTORS: Executors = { room: () => 0, hostId: null };

/** How often an allocation that was overtaken is made again before it is left to the next who asks. */
const ATTEMPTS = 8;

/** What was decided rests on facts that another transaction has changed: nothing is written, and it is decided again. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/**
 * Gives machines to those that wait. All processes may do so at once: whoever decides holds the rows of all pools that
 * anybody waits for, locked in bytewise order of their names, so that nobody decides about a pool beside him.
 */
export class PostgresReservations {
  readonly #db: PrismaClient;
  readonly #executors: Executors;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<readonly string[]> | null = null;

  constructor(db: PrismaClient, executors: Executors = NO_EXECUTORS) {
    this.#db = db;
    this.#executors = executors;
  }

  /**
   * Serves all that wait and fit, in one transaction, and answers the reservations that now hold machines. Who asks
   * while this process is at it already is served by the next run, which sees what was committed before he asked.
   */
  allocate(): Promise<readonly string[]> {
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  async #after(running: Promise<unknown>): Promise<readonly string[]> {
    await running.catch(() => undefined);
    const run = this.#allocate();
    this.#running = run;
    this.#next = null;
    return run;
  }

  async #allocate(): Promise<readonly string[]> {
    let pools: readonly string[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const waiting = await waitingWishes(this.#db);
      if (waiting.length === 0) return [];
      pools = wantedPools(waiting, pools);
      // Mostly all are there. Before the transaction, since rows that it inserts would be locked out of turn.
      if (attempt > 0) await addPools(this.#db, pools);
      try {
        return await this.#db.$transaction((tx) => this.#decide(tx, pools));
      } catch (error) {
        if (!(error instanceof Overtaken || isHeldTwice(error))) throw error;
      }
    }
    return [];
  }

  async #decide(tx: Transaction, pools: readonly string[]): Promise<readonly string[]> {
    const locked = await tx.$queryRaw<{ now: Date }[]>`
      SELECT clock_timestamp() AS now FROM pool WHERE name = ANY(${pools}) ORDER BY name COLLATE "C" FOR UPDATE`;
    const now = locked.at(-1)?.now.getTime();
    const waiting = await waitingWishes(tx);
    if (now === undefined || locked.length < wantedPools(waiting, pools).length) throw new Overtaken();
    const handed = handOut(waiting, await this.#supplies(tx, pools), await this.#sessions(tx), now);
    if (handed.length > 0) await record(tx, handed);
    return handed.map(({ wish }) => wish.id);
  }

  async #supplies(tx: Transaction, pools: readonly string[]) {
    const { hostId } = this.#executors;
    const supplies = await poolSupplies(tx, pools);
    if (hostId === null) return supplies;
    return supplies.map((supply) => ({
      ...supply,
      machines: supply.machines.map((machine) => ({
        ...machine,
        runsSessions: machine.runsSessions && (machine.hostId === null || machine.hostId === hostId),
      })),
    }));
  }

  /** Sessions that hold machines and that nobody runs yet will take room, too. */
  async #sessions(tx: Transaction): Promise<number> {
    const room = this.#executors.room();
    if (room <= 0) return 0;
    return room - (await tx.session.count({ where: { state: 'accepted', leaseOwner: null } }));
  }
}

/** Those that wait, in the order in which they came. A session that is over waits no more, whatever its reservation says. */
export async function waitingWishes(database: Database): Promise<readonly WaitingWish[]> {
  const rows = await database.$queryRaw<(Omit<WaitingWish, 'requestedAt'> & { readonly requestedAt: Date })[]>`
    SELECT reservation.id, reservation.kind, reservation.name, reservation.wants, reservation.priority,
      reservation.requested_at AS "requestedAt", reservation.session_id AS "sessionId",
      reservation.holder_name AS "holderName"
    FROM reservation LEFT JOIN session ON session.id = reservation.session_id
    WHERE reservation.state = 'waiting' AND (reservation.kind = 'manual' OR session.state = 'queued')
    ORDER BY reservation.requested_at, reservation.id COLLATE "C"`;
  return rows.map((row) => ({ ...row, requestedAt: row.requestedAt.getTime() }));
}

export interface WaitingWish extends Wish {
  readonly name: string;
  readonly sessionId: string | null;
  readonly holderName: string;
}

/** These pools and all that somebody waits for, in bytewise order. */
function wantedPools(waiting: readonly Wish[], pools: readonly string[]): readonly string[] {
  const names = new Set([...pools, ...waiting.flatMap(({ wants }) => wants.map(({ pool }) => pool))]);
  return [...names].sort(compareBytewise);
}

async function addPools(db: PrismaClient, pools: readonly string[]): Promise<void> {
  await db.$executeRaw`
    INSERT INTO pool (name) SELECT name FROM unnest(${pools}::text[]) AS wanted (name) ORDER BY name COLLATE "C"
    ON CONFLICT DO NOTHING`;
}

/** Rows are locked reservations first and sessions next, as by all who end a session that waits. */
async function record(tx: Transaction, handed: readonly Handed<MachineOfPool>[]): Promise<void> {
  const ids = handed.map(({ wish }) => wish.id);
  const held = await tx.$executeRaw`
    WITH taken AS (SELECT id FROM reservation WHERE id = ANY(${ids}) ORDER BY id FOR UPDATE)
    UPDATE reservation SET state = 'held', held_at = clock_timestamp(),
      expires_at = CASE WHEN lease_ms > 0 THEN clock_timestamp() + lease_ms * interval '1 ms' END
    FROM taken WHERE reservation.id = taken.id AND state = 'waiting'`;
  const sessions = handed.filter(({ wish }) => wish.kind === 'session').map(({ wish }) => wish.id);
  const accepted =
    sessions.length === 0
      ? []
      : await tx.$queryRaw<{ id: string; reservation_id: string }[]>`
    UPDATE session SET state = 'accepted', accepted_at = clock_timestamp()
    FROM reservation WHERE reservation.id = ANY(${sessions}) AND session.id = reservation.session_id
      AND session.state = 'queued' RETURNING session.id, reservation.id AS reservation_id`;
  // Somebody gave up between the look and the decision.
  if (held < handed.length || accepted.length < sessions.length) throw new Overtaken();
  const machines = handed.flatMap(({ wish, machines: chosen }) =>
    chosen.map(({ component, machine: { pool, environmentId, clusterId, instanceId } }) => ({
      reservationId: wish.id,
      component,
      pool,
      environmentId,
      clusterId,
      instanceId,
    })),
  );
  await tx.$executeRaw`
    INSERT INTO reservation_machine (reservation_id, component, pool, environment_id, cluster_id, instance_id, held_at)
    SELECT "reservationId", component, pool, "environmentId", "clusterId", "instanceId", clock_timestamp()
    FROM jsonb_to_recordset(${JSON.stringify(machines)}::jsonb) AS chosen("reservationId" text, component text,
      pool text, "environmentId" text, "clusterId" text, "instanceId" text)
    ORDER BY "clusterId" COLLATE "C", "instanceId" COLLATE "C"`;
  const sentences = new Map(handed.map((one) => [one.wish.id, sentenceOf(one)]));
  await tx.sessionEvent.createMany({
    data: accepted.map(({ id, reservation_id }) => ({
      sessionId: id,
      kind: 'accept',
      text: sentences.get(reservation_id) ?? '',
    })),
  });
  await appendEvents(tx, [
    ...poolEvents(
      machines.map(({ pool }) => pool),
      'allocation',
    ),
    ...sessionEvents(accepted.map(({ id }) => id)),
  ]);
}

function sessionEvents(ids: readonly string[]): readonly NewEvent[] {
  const streams = ids.length === 0 ? [] : ['sessions', ...ids.map((id) => `session:${id}`)];
  return streams.map((stream) => changed(stream, 'state'));
}

function sentenceOf({ machines }: Handed<MachineOfPool>): string {
  const parts = machines.map(
    ({ component, machine }) => `${component} on ${machine.instanceId} of ${machine.clusterName}`,
  );
  return `Has its machines: ${parts.join(', ')}.`;
}

/** Another holds one of the machines: the unique index said so. */
function isHeldTwice(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && JSON.stringify(error.meta ?? {}).includes('23505');
}
