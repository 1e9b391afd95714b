import type { z } from 'zod';
import type { Page } from '../contract/cluster.ts';
import { hasRole, type Role, type Viewer } from '../contract/people.ts';
import type {
  QueueRow,
  ReservationAction,
  ReservationKind,
  ReservationRow,
  reservationListSchema,
  reserveSchema,
} from '../contract/pool.ts';
import { DomainError } from '../domain/errors.ts';
import { newId } from './new-id.ts';
import { wantsFrom } from './pool-service.ts';

/** As the store knows it; its place in the queue and what the viewer may do are added here. */
export type StoredReservation = Omit<ReservationRow, 'position' | 'actions'>;

export interface ReservationQueries {
  list(input: z.output<typeof reservationListSchema>, viewerId: string): Promise<Page<StoredReservation>>;
  byId(reservationId: string): Promise<StoredReservation>;
  /** Null where there is no such person, or no longer an active one. */
  activePerson(userId: string): Promise<{ readonly id: string; readonly name: string; readonly role: string } | null>;
}

interface Command {
  readonly reservationId: string;
  readonly actor: Viewer;
  readonly requestId: string;
}

/** What people order. Each but `request` answers false, and writes nothing, where it came too late. */
export interface ReservationCommands {
  request(
    reservation: {
      readonly id: string;
      readonly kind: 'manual';
      readonly name: string;
      readonly sessionId: null;
      readonly holderId: string;
      readonly holderName: string;
      readonly purpose: string;
      readonly priority: number;
      readonly wants: readonly { readonly component: string; readonly pool: string }[];
      readonly leaseMs: number;
    },
    actor: Viewer,
    requestId: string,
  ): Promise<void>;
  extend(command: Command & { readonly byMs: number }): Promise<boolean>;
  release(command: Command): Promise<boolean>;
  handOver(command: Command & { readonly to: { readonly id: string; readonly name: string } }): Promise<boolean>;
}

export interface ReservationPorts {
  readonly queries: ReservationQueries;
  readonly commands: ReservationCommands;
  readonly pools: {
    checkWants(wants: QueueRow['wants'], kind: ReservationKind): Promise<void>;
    /** By reservation; those that do not wait are left out. */
    positions(reservationIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  };
  /** Gives machines to those that wait. */
  readonly allocate: () => Promise<unknown>;
  readonly clock: () => number;
}

export class ReservationService {
  readonly #ports: ReservationPorts;

  constructor(ports: ReservationPorts) {
    this.#ports = ports;
  }

  async list(input: z.output<typeof reservationListSchema>, viewer: Viewer): Promise<Page<ReservationRow>> {
    const page = await this.#ports.queries.list(input, viewer.id);
    return { ...page, rows: await this.#shown(page.rows, viewer) };
  }

  async byId(reservationId: string, viewer: Viewer): Promise<ReservationRow> {
    const stored = await this.#ports.queries.byId(reservationId);
    const [row] = await this.#shown([stored], viewer);
    if (row === undefined) throw new DomainError('NOT_FOUND', { kind: 'reservation', id: reservationId });
    return row;
  }

  /**
   * Takes machines for the viewer where enough are free and nobody is before him, else waits for them. Throws where they
   * can never be had: POOL_UNKNOWN, POOL_CAPACITY.
   */
  async reserve(input: z.output<typeof reserveSchema>, viewer: Viewer, requestId: string): Promise<ReservationRow> {
    const { commands, pools, allocate, clock } = this.#ports;
    const { wants, purpose, forMs, priority } = input;
    await pools.checkWants(wants, 'manual');
    const id = newId('res', clock());
    const holder = { holderId: viewer.id, holderName: viewer.name };
    const reservation = { id, kind: 'manual', name: purpose, sessionId: null, ...holder, purpose, priority } as const;
    await commands.request({ ...reservation, wants: wantsFrom(wants), leaseMs: forMs }, viewer, requestId);
    // It stands in the queue now, whatever happens here: a worker looks again within a second, and reports what fails.
    await allocate().catch(() => undefined);
    return this.byId(id, viewer);
  }

  async extend(reservationId: string, byMs: number, actor: Viewer, requestId: string): Promise<void> {
    await this.#order(reservationId, 'extend', actor, () =>
      this.#ports.commands.extend({ reservationId, actor, requestId, byMs }),
    );
  }

  /** Gives the machines back, or its place in the queue up. Does nothing where it has ended. */
  async release(reservationId: string, actor: Viewer, requestId: string): Promise<void> {
    const stored = await this.#ports.queries.byId(reservationId);
    if (stored.state === 'ended') return;
    await this.#order(reservationId, 'release', actor, async () => {
      await this.#ports.commands.release({ reservationId, actor, requestId });
      return true;
    });
  }

  /** Gives it to another person, who must be active and may act. */
  async handOver(reservationId: string, userId: string, actor: Viewer, requestId: string): Promise<void> {
    const to = await this.#ports.queries.activePerson(userId);
    if (to === null) throw new DomainError('NOT_FOUND', { kind: 'person', id: userId });
    if (!hasRole(to.role as Role, 'operator')) {
      throw new DomainError('INVALID_INPUT', { field: 'userId', message: `${to.name} may only look` });
    }
    await this.#order(reservationId, 'hand-over', actor, () =>
      this.#ports.commands.handOver({ reservationId, actor, requestId, to }),
    );
  }

  /** It may end between the look and the order; then it is looked at once more, which says so. */
  async #order(
    reservationId: string,
    action: ReservationAction,
    actor: Viewer,
    order: () => Promise<boolean>,
  ): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const stored = await this.#ports.queries.byId(reservationId);
      const why = actionsOf(stored, actor)[action];
      if (why !== true) throw new DomainError('RESERVATION_STATE', { reservationId, state: stored.state, action, why });
      if (await order()) return;
    }
    const message = 'its state kept changing; look again';
    throw new DomainError('CONFLICT', { kind: 'reservation', id: reservationId, message });
  }

  async #shown(rows: readonly StoredReservation[], viewer: Viewer): Promise<readonly ReservationRow[]> {
    const waiting = rows.filter(({ state }) => state === 'waiting').map(({ id }) => id);
    const positions = waiting.length === 0 ? null : await this.#ports.pools.positions(waiting);
    return rows.map((row) => ({
      ...row,
      position: positions?.get(row.id) ?? null,
      actions: actionsOf(row, viewer),
    }));
  }
}

function actionsOf(row: StoredReservation, viewer: Viewer): ReservationRow['actions'] {
  const why = whyNone(row, viewer);
  if (why !== null) return { extend: why, release: why, 'hand-over': why };
  return { extend: row.state === 'held' ? true : 'it waits for its machines', release: true, 'hand-over': true };
}

function whyNone({ kind, state, holderId, holderName }: StoredReservation, viewer: Viewer): string | null {
  if (state === 'ended') return 'it has ended';
  if (kind === 'session') return 'it follows its session: cancel that instead';
  if (!hasRole(viewer.role, 'operator')) return 'needs the role operator';
  if (holderId !== viewer.id && viewer.role !== 'administrator') return `only ${holderName} or an administrator may`;
  return null;
}
