import type { z } from 'zod';
import type { Page } from '../contract/cluster.ts';
import { hasRole, type Viewer } from '../contract/people.ts';
import type { ReservationKind } from '../contract/pool.ts';
import type { SessionRow, SessionView, sessionListSchema } from '../contract/session.ts';
import { DomainError } from '../domain/errors.ts';
import { needsOf } from '../domain/pool/pool.ts';
import type { SessionSpec, SessionState } from '../domain/session/session.ts';
import { SESSION_ACTIONS, type SessionAction } from '../domain/session/session-actions.ts';
import { newId } from './new-id.ts';

/** A row or a view as the store knows it; its place in the queue and what the viewer may do are added here. */
export type StoredSessionRow = Omit<SessionRow, 'position'>;
export type StoredSessionView = Omit<SessionView, 'position' | 'queue' | 'actions'>;

export interface SessionStanding {
  readonly state: SessionState;
  readonly ordered: 'cancel' | 'finish' | null;
}

export interface SessionQueries {
  list(input: z.output<typeof sessionListSchema>, viewer: Viewer): Promise<Page<StoredSessionRow>>;
  byId(sessionId: string): Promise<StoredSessionView>;
  standing(sessionId: string): Promise<SessionStanding>;
  spec(sessionId: string): Promise<SessionSpec>;
}

export interface SessionCommand {
  readonly sessionId: string;
  readonly actor: Viewer;
  readonly requestId: string;
  readonly from: SessionState;
}

/** What people order. Each but `submit` answers false, and writes nothing, where the session is not as it was seen. */
export interface SessionCommands {
  submit(
    session: {
      readonly id: string;
      readonly reservationId: string;
      readonly spec: SessionSpec;
      readonly rerunOf: string | null;
    },
    owner: Viewer,
    requestId: string,
  ): Promise<void>;
  cancelQueued(command: SessionCommand): Promise<boolean>;
  order(command: SessionCommand & { readonly action: 'cancel' | 'finish' }): Promise<boolean>;
  keep(command: SessionCommand & { readonly forMs: number }): Promise<boolean>;
}

/** What sessions need of the pools. */
export interface SessionPools {
  /** Throws POOL_UNKNOWN or POOL_CAPACITY where the machines can never be had. */
  checkWants(wants: SessionRow['wants'], kind: ReservationKind): Promise<void>;
  /** How these sessions stand in the queue; those that do not wait are left out. */
  queueOf(sessionIds: readonly string[]): Promise<ReadonlyMap<string, NonNullable<SessionView['queue']>>>;
}

export interface SessionPorts {
  readonly queries: SessionQueries;
  readonly commands: SessionCommands;
  readonly pools: SessionPools;
  /** Whether any of these pools has machines that are processes on this host, or may have. */
  readonly haveLocalMachines: (pools: readonly string[]) => Promise<boolean>;
  /** Whether real processes on this host may be started. */
  readonly localMachines: boolean;
  readonly clock: () => number;
}

export class SessionService {
  readonly #ports: SessionPorts;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  async list(input: z.output<typeof sessionListSchema>, viewer: Viewer): Promise<Page<SessionRow>> {
    const page = await this.#ports.queries.list(input, viewer);
    const queue = await this.#queueOf(page.rows);
    return { ...page, rows: page.rows.map((row) => ({ ...row, position: queue.get(row.id)?.position ?? null })) };
  }

  async byId(sessionId: string, viewer: Viewer): Promise<SessionView> {
    const view = await this.#ports.queries.byId(sessionId);
    const queue = (await this.#queueOf([view])).get(sessionId) ?? null;
    const actions = actionsOf({ state: view.state, ordered: view.ordered?.action ?? null }, viewer);
    return { ...view, queue, position: queue?.position ?? null, actions };
  }

  /** Queues it, and gives its id. Throws where it could never run: FORBIDDEN, POOL_UNKNOWN, POOL_CAPACITY, INVALID_INPUT. */
  submit(spec: SessionSpec, viewer: Viewer, requestId: string): Promise<string> {
    return this.#submit(spec, null, viewer, requestId);
  }

  /** The same inputs once more, as a session of the viewer's. */
  async runAgain(sessionId: string, viewer: Viewer, requestId: string): Promise<string> {
    const { queries } = this.#ports;
    refuse(sessionId, 'run-again', await queries.standing(sessionId), viewer);
    return this.#submit(await queries.spec(sessionId), sessionId, viewer, requestId);
  }

  /** One that waits is over at once; any other when the runner has seen it, within one turn. */
  async cancel(sessionId: string, actor: Viewer, requestId: string): Promise<void> {
    const { commands } = this.#ports;
    await this.#try(sessionId, 'cancel', actor, (from) => {
      const command = { sessionId, actor, requestId, from };
      return from === 'queued' ? commands.cancelQueued(command) : commands.order({ ...command, action: 'cancel' });
    });
  }

  /** Ends its run well before the driver does. */
  async finish(sessionId: string, actor: Viewer, requestId: string): Promise<void> {
    await this.#try(sessionId, 'finish', actor, (from) =>
      this.#ports.commands.order({ sessionId, actor, requestId, from, action: 'finish' }),
    );
  }

  /** Its machines and components stay for so long once it is over; of one that is kept, from now on. */
  async keep(sessionId: string, forMs: number, actor: Viewer, requestId: string): Promise<void> {
    await this.#try(sessionId, 'keep', actor, (from) =>
      this.#ports.commands.keep({ sessionId, actor, requestId, from, forMs }),
    );
  }

  async stopKeeping(sessionId: string, actor: Viewer, requestId: string): Promise<void> {
    await this.#try(sessionId, 'stop-keeping', actor, (from) =>
      this.#ports.commands.keep({ sessionId, actor, requestId, from, forMs: 0 }),
    );
  }

  async #submit(spec: SessionSpec, rerunOf: string | null, viewer: Viewer, requestId: string): Promise<string> {
    const { commands, pools, haveLocalMachines, localMachines, clock } = this.#ports;
    const needs = needsOf(spec);
    if (!localMachines && (await haveLocalMachines([...needs.keys()]))) {
      throw new DomainError('FORBIDDEN', {
        action: 'run programs on this host',
        needs: 'a console that listens on loopback only, or ROUNDHOUSE_LOCAL=on',
      });
    }
    await pools.checkWants(
      [...needs].map(([pool, count]) => ({ pool, count })),
      'session',
    );
    const id = newId('ses', clock());
    const reservationId = newId('res', clock());
    await commands.submit({ id, reservationId, spec, rerunOf }, viewer, requestId);
    return id;
  }

  async #queueOf(rows: readonly StoredSessionRow[]) {
    const waiting = rows.filter(({ state }) => state === 'queued').map(({ id }) => id);
    return waiting.length === 0 ? new Map<string, never>() : this.#ports.pools.queueOf(waiting);
  }

  /** The runner may change the state between the look and the order; then the table is asked once more. */
  async #try(
    sessionId: string,
    action: SessionAction,
    actor: Viewer,
    order: (from: SessionState) => Promise<boolean>,
  ): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const standing = await this.#ports.queries.standing(sessionId);
      refuse(sessionId, action, standing, actor);
      if (await order(standing.state)) return;
    }
    throw new DomainError('CONFLICT', {
      kind: 'session',
      id: sessionId,
      message: 'its state kept changing; look again',
    });
  }
}

function refuse(sessionId: string, action: SessionAction, standing: SessionStanding, viewer: Viewer): void {
  const why = actionsOf(standing, viewer)[action];
  if (why !== true) throw new DomainError('SESSION_STATE', { sessionId, state: standing.state, action, why });
}

/** What the viewer may do with a session now, or why not. */
function actionsOf({ state, ordered }: SessionStanding, viewer: Viewer): SessionView['actions'] {
  const table = SESSION_ACTIONS[state];
  if (!hasRole(viewer.role, 'operator')) {
    const why = 'needs the role operator';
    return { cancel: why, finish: why, keep: why, 'stop-keeping': why, 'run-again': why };
  }
  const actions = { ...table };
  if (ordered === 'cancel' && table.cancel === true) actions.cancel = 'it is being cancelled';
  if (ordered !== null && table.finish === true)
    actions.finish = `it is being ${ordered === 'cancel' ? 'cancelled' : 'finished'}`;
  return actions;
}
