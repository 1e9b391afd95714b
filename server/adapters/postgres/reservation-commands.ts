import type { Actor } from '../../domain/activity/activity.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { recordActivity } from './activity-log.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { endReservation, type NewReservation, poolEvents, requestReservation } from './reservations.ts';

type Person = Actor & { readonly id: string };

interface Command {
  readonly reservationId: string;
  readonly actor: Person;
  readonly requestId: string;
}

/** What people order of their reservations. Each but `request` answers false, and writes nothing, where it came too late. */
export class PostgresReservationCommands {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async request(reservation: NewReservation, actor: Person, requestId: string): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      await requestReservation(tx, reservation);
      const { id, name, wants, leaseMs } = reservation;
      const pools = wants.map(({ pool }) => pool);
      const after = { machines: wants.length, pools: [...new Set(pools)], forMs: leaseMs };
      const object = { kind: 'reservation', id, name };
      await recordActivity(
        tx,
        { actor, verb: 'asked for machines for', object, after, requestId },
        poolEvents(pools, 'queue'),
      );
    });
  }

  extend(command: Command & { readonly byMs: number }): Promise<boolean> {
    const { reservationId, byMs } = command;
    return this.#db.$transaction(async (tx) => {
      const count = await tx.$executeRaw`
        UPDATE reservation SET lease_ms = lease_ms + ${byMs}, expires_at = expires_at + ${byMs} * interval '1 ms'
        WHERE id = ${reservationId} AND kind = 'manual' AND state = 'held' AND expires_at > clock_timestamp()`;
      if (count === 0) return false;
      await announce(tx, command, 'extended the reservation', { byMs });
      return true;
    });
  }

  release(command: Command): Promise<boolean> {
    return this.#db.$transaction(async (tx) => {
      const { reservationId } = command;
      const [row] = await tx.$queryRaw<{ state: string }[]>`
        SELECT state FROM reservation WHERE id = ${reservationId} AND kind = 'manual' AND state <> 'ended' FOR UPDATE`;
      if (row === undefined) return false;
      const waits = row.state === 'waiting';
      await endReservation(tx, reservationId, waits ? 'cancelled' : 'released');
      await announce(tx, command, waits ? 'cancelled the reservation' : 'released the reservation', null);
      return true;
    });
  }

  handOver(command: Command & { readonly to: Person }): Promise<boolean> {
    const { reservationId, to } = command;
    return this.#db.$transaction(async (tx) => {
      const { count } = await tx.reservation.updateMany({
        where: { id: reservationId, kind: 'manual', state: { not: 'ended' } },
        data: { holderId: to.id, holderName: to.name },
      });
      if (count === 0) return false;
      await announce(tx, command, 'handed over the reservation', { holder: to.name });
      return true;
    });
  }
}

async function announce(
  tx: Prisma.TransactionClient,
  { reservationId, actor, requestId }: Command,
  verb: string,
  after: Json,
): Promise<void> {
  const { name, pools } = await tx.reservation.findUniqueOrThrow({ where: { id: reservationId } });
  const object = { kind: 'reservation', id: reservationId, name };
  await recordActivity(tx, { actor, verb, object, after, requestId }, poolEvents(pools, 'reservation'));
}
