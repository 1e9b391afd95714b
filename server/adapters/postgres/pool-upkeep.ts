import { partsOf } from '../../domain/pool/pool.ts';
import { appendEvents } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { POOL_OF_MACHINE, poolSupplies } from './pool-machines.ts';
import { type EndReason, endReservations, poolEvents, waitingWishes } from './reservations.ts';

const SAMPLES_KEPT = Prisma.sql`interval '30 days'`;

/** What ends by itself. Every worker may do it, as often as it likes: what is done already is not there any more. */
export class PostgresPoolUpkeep {
  readonly #db: PrismaClient;
  #sampledMinute = 0;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Ends what is over: leases, reservations whose holder is gone, holds on machines that are gone, maintenance. */
  async endWhatIsOver(): Promise<void> {
    for (const [reason, condition] of OVER) await this.#endReservations(reason, condition);
    await this.#letGo();
    await this.#endMaintenance();
  }

  async #endReservations(reason: EndReason, condition: Prisma.Sql): Promise<void> {
    // A look without locks first: mostly there is nothing.
    const [due] = await this.#db.$queryRaw<unknown[]>`
      SELECT 1 FROM reservation WHERE state IN ('waiting', 'held') AND (${condition}) LIMIT 1`;
    if (due === undefined) return;
    await this.#db.$transaction(async (tx) => {
      await appendEvents(tx, poolEvents(await endReservations(tx, condition, reason), reason));
    });
  }

  /** Nobody holds a machine that its back end no longer lists. */
  async #letGo(): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<{ pool: string }[]>`
        UPDATE reservation_machine SET released_at = greatest(clock_timestamp(), held_at)
        WHERE released_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM instance WHERE instance.cluster_id = reservation_machine.cluster_id AND instance.id = instance_id)
        RETURNING pool`;
      await appendEvents(
        tx,
        poolEvents(
          rows.map(({ pool }) => pool),
          'machine-gone',
        ),
      );
    });
  }

  async #endMaintenance(): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<{ pool: string | null }[]>`
        WITH over AS (
          DELETE FROM maintenance WHERE until <= clock_timestamp() RETURNING cluster_id, instance_id
        )
        SELECT ${POOL_OF_MACHINE} AS pool FROM over
          JOIN instance ON instance.cluster_id = over.cluster_id AND instance.id = instance_id
          JOIN cluster ON cluster.id = over.cluster_id`;
      await appendEvents(
        tx,
        poolEvents(
          rows.flatMap(({ pool }) => pool ?? []),
          'maintenance',
        ),
      );
    });
  }

  /** Notes how each pool is used, once a minute whoever calls; drops what is too old to be asked for. */
  async sample(now: number): Promise<void> {
    const minute = Math.floor(now / 60_000);
    if (minute === this.#sampledMinute) return;
    this.#sampledMinute = minute;
    const [supplies, waiting] = await Promise.all([poolSupplies(this.#db, null), waitingWishes(this.#db)]);
    await this.#db.poolSample.createMany({
      data: supplies.map(({ name, machines }) => {
        const wishes = waiting.filter(({ wants }) => wants.some(({ pool }) => pool === name));
        const waits = wishes.map(({ requestedAt }) => Math.max(0, now - requestedAt));
        return {
          pool: name,
          at: new Date(minute * 60_000),
          parts: { ...partsOf(machines) },
          waiting: wishes.length,
          oldestWaitMs: BigInt(Math.round(Math.max(0, ...waits))),
        };
      }),
      skipDuplicates: true,
    });
    await this.#db.$executeRaw`DELETE FROM pool_sample WHERE at < now() - ${SAMPLES_KEPT}`;
  }
}

const OVER: readonly (readonly [EndReason, Prisma.Sql])[] = [
  ['expired', Prisma.sql`reservation.state = 'held' AND reservation.expires_at <= clock_timestamp()`],
  [
    'session-ended',
    Prisma.sql`reservation.kind = 'session'
      AND NOT EXISTS (SELECT 1 FROM session WHERE session.id = session_id AND session.state <> 'ended')`,
  ],
  [
    'holder-gone',
    Prisma.sql`reservation.kind = 'manual' AND holder_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM user_account WHERE user_account.id = holder_id AND disabled_at IS NULL)`,
  ],
];
