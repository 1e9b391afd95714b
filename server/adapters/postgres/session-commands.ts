import type { Actor } from '../../domain/activity/activity.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { needsOf } from '../../domain/pool/pool.ts';
import type { SessionEventKind, SessionSpec, SessionState, SessionVerdict } from '../../domain/session/session.ts';
import { recordActivity } from './activity-log.ts';
import { CHANNEL, changed, type NewEvent } from './event-log.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';
import { endReservation, poolEvents, requestReservation } from './reservations.ts';
import { environmentsThatName, holdDependencies } from './secret-store.ts';

type Person = Actor & { readonly id: string };

interface NewSession {
  readonly id: string;
  readonly reservationId: string;
  readonly spec: SessionSpec;
  readonly rerunOf: string | null;
}

interface Command {
  readonly sessionId: string;
  readonly actor: Person;
  readonly requestId: string;
  /** The state that the order was given for; in any other nothing is written and the answer is false. */
  readonly from: SessionState;
}

/** What people order of sessions. The runner sees it at its next turn, which the notification brings at once. */
export class PostgresSessionCommands {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Stores it with its place in the queue. Throws INVALID_INPUT where it names a secret or a config that is not there. */
  async submit({ id, reservationId, spec, rerunOf }: NewSession, owner: Person, requestId: string): Promise<void> {
    const { name, components, labels, priority } = spec;
    await this.#db.$transaction(async (tx) => {
      await refuseDependencies(tx, spec);
      await tx.session.create({
        data: {
          id,
          name,
          spec: spec as unknown as Prisma.InputJsonObject,
          labels,
          state: 'queued',
          ownerId: owner.id,
          ownerName: owner.name,
          rerunOf,
        },
      });
      await requestReservation(tx, {
        id: reservationId,
        kind: 'session',
        name,
        sessionId: id,
        holderId: owner.id,
        holderName: owner.name,
        purpose: '',
        priority,
        wants: components.map((component) => ({ component: component.name, pool: component.pool })),
        leaseMs: 0,
      });
      await addEvent(tx, id, 'queue', `Waits for ${wantedOf(spec)}.`);
      const after = rerunOf === null ? null : { rerunOf };
      const object = { kind: 'session', id, name };
      await recordActivity(tx, { actor: owner, verb: 'submitted the session', object, after, requestId }, [
        ...sessionEvents(id),
        ...poolEvents([...needsOf(spec).keys()], 'queue'),
      ]);
    });
  }

  /** Ends one that still waits: nothing of it runs anywhere, so it is over at once. */
  async cancelQueued(command: Command): Promise<boolean> {
    const { sessionId, actor, from } = command;
    const verdict: SessionVerdict = {
      outcome: 'cancelled',
      sentence: `${actor.name} cancelled it while it waited for machines.`,
      component: null,
      next: 'Nothing was started. Run it again when it is wanted.',
    };
    return this.#db.$transaction(async (tx) => {
      // Before its session's row, as who gives out machines does.
      const [reservation] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM reservation WHERE session_id = ${sessionId} FOR UPDATE`;
      if (reservation === undefined) return false;
      const now = new Date();
      const { count } = await tx.session.updateMany({
        where: { id: sessionId, state: from },
        data: {
          state: 'ended',
          outcome: verdict.outcome,
          verdict: { ...verdict },
          ordered: 'cancel',
          orderedBy: actor.id,
          orderedAt: now,
          decidedAt: now,
          endedAt: now,
        },
      });
      if (count === 0) return false;
      const pools = await endReservation(tx, reservation.id, 'cancelled');
      await addEvent(tx, sessionId, 'done', verdict.sentence);
      await this.#announce(tx, command, 'cancelled the session', { outcome: 'cancelled' }, pools);
      return true;
    });
  }

  /** False also where the same was ordered before, or a cancellation, which nothing takes back. */
  async order(command: Command & { readonly action: 'cancel' | 'finish' }): Promise<boolean> {
    const { sessionId, from, action, actor } = command;
    return this.#db.$transaction(async (tx) => {
      const { count } = await tx.session.updateMany({
        where: {
          id: sessionId,
          state: from,
          OR: [{ ordered: null }, ...(action === 'cancel' ? [{ ordered: 'finish' }] : [])],
        },
        data: { ordered: action, orderedBy: actor.id, orderedAt: new Date(), retryAt: null },
      });
      if (count === 0) return false;
      await this.#announce(tx, command, action === 'cancel' ? 'cancelled the session' : 'finished the session', null);
      return true;
    });
  }

  /** Keeps machines and components for so long once it is over; from now on where it is over already. 0 = no longer. */
  async keep(command: Command & { readonly forMs: number }): Promise<boolean> {
    const { sessionId, from, forMs } = command;
    return this.#db.$transaction(async (tx) => {
      const { count } = await tx.session.updateMany({
        where: { id: sessionId, state: from },
        data: { keepForMs: forMs, ...(from === 'keeping' ? { keepUntil: new Date(Date.now() + forMs) } : {}) },
      });
      if (count === 0) return false;
      const verb = forMs === 0 ? 'stopped keeping the session' : 'kept for triage the session';
      await this.#announce(tx, command, verb, forMs === 0 ? null : { forMs });
      return true;
    });
  }

  async #announce(
    tx: Prisma.TransactionClient,
    { sessionId, actor, requestId }: Command,
    verb: string,
    after: Json,
    pools: readonly string[] = [],
  ): Promise<void> {
    const session = await tx.session.findUniqueOrThrow({ where: { id: sessionId }, select: { name: true } });
    const object = { kind: 'session', id: sessionId, name: session.name };
    await tx.$queryRaw`select pg_notify(${CHANNEL}, ${`command:${sessionId}`})::text`;
    await recordActivity(tx, { actor, verb, object, after, requestId }, [
      ...sessionEvents(sessionId),
      ...poolEvents(pools, 'queue'),
    ]);
  }
}

/**
 * A secret that settings of an environment name opens a back end: whoever may submit a session could take it, so no
 * component gets it.
 */
async function refuseDependencies(tx: Prisma.TransactionClient, { components }: SessionSpec): Promise<void> {
  const there = await holdDependencies(tx, {
    secrets: components.flatMap(({ secrets }) => secrets),
    configs: components.flatMap(({ configs }) => configs),
  });
  for (const [index, component] of components.entries()) {
    for (const kind of ['secrets', 'configs'] as const) {
      const at = component[kind].findIndex((name) => !there[kind].has(name));
      if (at < 0) continue;
      const message = `there is no ${kind === 'secrets' ? 'secret' : 'config'} ${component[kind][at]}`;
      throw new DomainError('INVALID_INPUT', { field: `spec.components.${index}.${kind}.${at}`, message });
    }
    for (const [at, name] of component.secrets.entries()) {
      const environments = await environmentsThatName(tx, name);
      if (environments === null) continue;
      const message = `the secret ${name} is for the settings of ${environments} alone`;
      throw new DomainError('INVALID_INPUT', { field: `spec.components.${index}.secrets.${at}`, message });
    }
  }
}

async function addEvent(
  tx: Prisma.TransactionClient,
  sessionId: string,
  kind: SessionEventKind,
  text: string,
): Promise<void> {
  await tx.sessionEvent.create({ data: { sessionId, kind, text } });
}

/** "2 machines of workers and 1 of load" */
function wantedOf(spec: SessionSpec): string {
  const parts = [...needsOf(spec)].map(([pool, count], index) =>
    index > 0 ? `${count} of ${pool}` : `${count} ${count === 1 ? 'machine' : 'machines'} of ${pool}`,
  );
  const last = parts.pop();
  return parts.length === 0 ? `${last}` : `${parts.join(', ')} and ${last}`;
}

function sessionEvents(sessionId: string): NewEvent[] {
  return ['sessions', `session:${sessionId}`].map((stream) => changed(stream, 'command'));
}
