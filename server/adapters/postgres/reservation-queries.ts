import type { Page } from '../../contract/cluster.ts';
import type { ReservationEnd, ReservationRow, ReservationState } from '../../contract/pool.ts';
import { DomainError } from '../../domain/errors.ts';
import { needsOf } from '../../domain/pool/pool.ts';
import { cursors } from './event-log.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { milliseconds } from './rows.ts';

/** As the store knows it; its place in the queue and what the viewer may do are added by the service. */
type StoredReservation = Omit<ReservationRow, 'position' | 'actions'>;

const WHOLE = { machines: { orderBy: { component: 'asc' } } } as const satisfies Prisma.ReservationInclude;
type Whole = Prisma.ReservationGetPayload<{ include: typeof WHOLE }>;

export class PostgresReservationQueries {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Newest first; the cursor is the last id of the page before. Each word of `q` has to be in the name, the purpose or the holder, or be its id. */
  async list(
    input: {
      readonly pool?: string;
      readonly state?: ReservationState | 'open';
      readonly holder?: 'me';
      readonly q: string;
      readonly cursor?: string | null;
      readonly limit: number;
    },
    viewerId: string,
  ): Promise<Page<StoredReservation>> {
    const seqs = await cursors(this.#db, ['pools']);
    const words = input.q.split(/\s+/).filter((word) => word !== '');
    const where: Prisma.ReservationWhereInput = {
      ...(input.pool === undefined ? {} : { pools: { has: input.pool } }),
      ...(input.state === undefined ? {} : { state: input.state === 'open' ? { not: 'ended' } : input.state }),
      ...(input.holder === undefined ? {} : { holderId: viewerId }),
      AND: words.map(containsWord),
    };
    const [rows, total] = await Promise.all([
      this.#db.reservation.findMany({
        where: { ...where, ...(input.cursor ? { id: { lt: input.cursor } } : {}) },
        orderBy: { id: 'desc' },
        take: input.limit + 1,
        include: WHOLE,
      }),
      this.#db.reservation.count({ where }),
    ]);
    const shown = rows.slice(0, input.limit);
    return {
      rows: await this.#named(shown),
      total,
      nextCursor: rows.length > input.limit ? (shown.at(-1)?.id ?? null) : null,
      cursors: seqs,
    };
  }

  /** Throws NOT_FOUND. */
  async byId(reservationId: string): Promise<StoredReservation> {
    const row = await this.#db.reservation.findUnique({ where: { id: reservationId }, include: WHOLE });
    const [named] = row === null ? [] : await this.#named([row]);
    if (named === undefined) throw new DomainError('NOT_FOUND', { kind: 'reservation', id: reservationId });
    return named;
  }

  /** Null where there is no such person, or no longer an active one. */
  async activePerson(
    userId: string,
  ): Promise<{ readonly id: string; readonly name: string; readonly role: string } | null> {
    return this.#db.user.findFirst({
      where: { id: userId, disabledAt: null },
      select: { id: true, name: true, role: true },
    });
  }

  async #named(rows: readonly Whole[]): Promise<readonly StoredReservation[]> {
    const ids = new Set(rows.flatMap((row) => row.machines.map(({ clusterId }) => clusterId)));
    const clusters = await this.#db.cluster.findMany({
      where: { id: { in: [...ids] } },
      select: { id: true, name: true, environment: { select: { name: true } } },
    });
    const names = new Map(clusters.map((one) => [one.id, one]));
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind as ReservationRow['kind'],
      state: row.state as ReservationState,
      name: row.name,
      purpose: row.purpose,
      holderId: row.holderId,
      holderName: row.holderName,
      sessionId: row.sessionId,
      wants: wantsOf(row),
      machines: row.machines.map((machine) => ({
        component: machine.component,
        pool: machine.pool,
        environmentName: names.get(machine.clusterId)?.environment.name ?? '',
        clusterName: names.get(machine.clusterId)?.name ?? '',
        instanceId: machine.instanceId,
        state: machine.releasedAt === null ? (machine.state as 'reserved' | 'running' | 'cleaning') : 'released',
      })),
      priority: row.priority,
      leaseMs: Number(row.leaseMs),
      requestedAt: row.requestedAt.getTime(),
      heldAt: milliseconds(row.heldAt),
      expiresAt: milliseconds(row.expiresAt),
      endedAt: milliseconds(row.endedAt),
      endReason: row.endReason as ReservationEnd | null,
    }));
  }
}

function containsWord(word: string): Prisma.ReservationWhereInput {
  const contains = { contains: word, mode: 'insensitive' } as const;
  return { OR: [{ id: word }, { name: contains }, { purpose: contains }, { holderName: contains }] };
}

function wantsOf(row: Whole): ReservationRow['wants'] {
  const components = row.wants as unknown as readonly { readonly pool: string }[];
  return Array.from(needsOf({ name: row.id, components }), ([pool, count]) => ({ pool, count }));
}
