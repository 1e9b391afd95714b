import { compareTurns, type QueuedSession, QueueWalk, type ReserveAhead } from './queue-walk.ts';
import type { ReservationManager } from './reservation-manager.ts';

/**
 * Sessions that wait for machines: the first that fits goes. It keeps what it is given: a session that can never run
 * waits for ever, since pools change. Without `reserveAhead`, priorities and times it is the reference, where small
 * sessions can keep a large one waiting without end; the rule against that is in `QueueWalk`.
 * Source: grpc/test-infra `orch.queue`.
 */
export class SessionQueue<Session extends QueuedSession> {
  readonly #manager: ReservationManager;
  readonly #reserveAhead: ReserveAhead | null;
  /** In the order in which they are asked. */
  readonly #waiting: Session[] = [];

  constructor(manager: ReservationManager, reserveAhead: ReserveAhead | null = null) {
    this.#manager = manager;
    this.#reserveAhead = reserveAhead;
  }

  /** Behind all that have its priority, whatever its `enqueuedAt`. */
  enqueue(session: Session): void {
    const before = this.#waiting.findLastIndex((other) => compareTurns(other, session) <= 0);
    this.#waiting.splice(before + 1, 0, session);
  }

  /**
   * Takes the first session that fits from the queue and reserves its machines, which the caller gives back with `done`.
   * Null where none fits. A name that holds machines already waits until they are given back.
   */
  dequeue(): Session | null {
    const walk = new QueueWalk((name) => this.#manager.pool(name), this.#reserveAhead);
    for (const [place, session] of this.#waiting.entries()) {
      if (this.#manager.holds(session.name) || walk.next(session).why.length > 0) continue;
      this.#manager.reserve(session);
      this.#waiting.splice(place, 1);
      return session;
    }
    return null;
  }

  /** Gives the machines of a session back. May be called again. */
  done(sessionName: string): void {
    this.#manager.release(sessionName);
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** Those that wait, in the order in which they are asked. */
  get waiting(): readonly Session[] {
    return [...this.#waiting];
  }
}
