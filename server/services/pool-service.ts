import type { Viewer } from '../contract/people.ts';
import type {
  AvailabilityView,
  MachineRow,
  PoolRow,
  PoolSampleView,
  PoolsView,
  PoolView,
  QueueRow,
  ReservationKind,
  StartEstimateView,
  WaitFigures,
} from '../contract/pool.ts';
import { roughly } from '../domain/cycle/duration-words.ts';
import { DomainError } from '../domain/errors.ts';
import { partOf, partsOf } from '../domain/pool/pool.ts';
import { refusalOf } from '../domain/pool/refusal.ts';
import { relatedPools } from '../domain/pool/related-pools.ts';
import type { PoolSupply, Wish } from '../domain/pool/supply.ts';
import { countsOf, freeFor, type QueueFacts, type Standing, standings, type WaitingWish } from './queue.ts';

/** A machine as the store knows it; which part of its pool it is follows. */
export interface StoredMachine extends Omit<MachineRow, 'part'> {
  readonly runsSessions: boolean;
}

export interface PoolRecord {
  readonly paused: PoolRow['paused'];
  readonly history: readonly PoolSampleView[];
  readonly waits: WaitFigures;
}

export interface PoolQueries {
  /** All that wait, in the order in which they came. */
  waiting(): Promise<QueueFacts['waiting']>;
  /** Of these pools. */
  facts(pools: readonly string[]): Promise<Omit<QueueFacts<StoredMachine>, 'waiting'>>;
  /** Of these pools, null = of all; a pool that has neither machines nor clusters is left out. */
  supplies(pools: readonly string[] | null): Promise<readonly PoolSupply<StoredMachine>[]>;
  /** By name; a pool of which nothing is stored is left out. */
  records(): Promise<ReadonlyMap<string, PoolRecord>>;
  /** The number of the last event of the pool's stream. */
  seqOf(pool: string): Promise<string>;
  /** Of the stream `pools`. */
  cursors(): Promise<Readonly<Record<string, string>>>;
}

export interface MachineNamed {
  readonly clusterId: string;
  readonly instanceId: string;
}

export interface PoolCommands {
  /** Nobody gets a machine of it until it goes on; who holds one keeps it. */
  pause(name: string, note: string, actor: Viewer, requestId: string): Promise<void>;
  resume(name: string, actor: Viewer, requestId: string): Promise<void>;
  /** `forMs` null = until somebody ends it. Throws INSTANCE_UNKNOWN where no such machine is in a pool. */
  startMaintenance(
    machine: MachineNamed & { readonly note: string; readonly forMs: number | null },
    actor: Viewer,
    requestId: string,
  ): Promise<void>;
  endMaintenance(machine: MachineNamed, actor: Viewer, requestId: string): Promise<void>;
}

type Wants = QueueRow['wants'];

/** How a session stands in the queue. */
export interface QueueStanding {
  readonly position: number;
  /** The first of those ahead, at most three. */
  readonly ahead: readonly string[];
  readonly aheadCount: number;
  readonly why: string;
  readonly estimate: StartEstimateView | null;
}

export class PoolService {
  readonly #queries: PoolQueries;
  readonly #commands: PoolCommands;

  constructor(queries: PoolQueries, commands: PoolCommands) {
    this.#queries = queries;
    this.#commands = commands;
  }

  async list(): Promise<PoolsView> {
    // Read before the facts that they go with, so that no change falls between the two.
    const cursors = await this.#queries.cursors();
    const [supplies, waiting, records] = await Promise.all([
      this.#queries.supplies(null),
      this.#queries.waiting(),
      this.#queries.records(),
    ]);
    const facts = { supplies, waiting };
    const names = new Set([
      ...supplies.map(({ name }) => name),
      ...waiting.flatMap(({ wants }) => wants.map(({ pool }) => pool)),
    ]);
    return { rows: [...names].sort().map((name) => poolRow(name, facts, records.get(name))), cursors };
  }

  /** Throws POOL_UNKNOWN where it has no machine and nobody waits for one. */
  async byName(name: string): Promise<PoolView> {
    const seq = await this.#queries.seqOf(name);
    const [facts, records] = await Promise.all([this.#facts([name]), this.#queries.records()]);
    const supply = facts.supplies.find((one) => one.name === name);
    const waiting = standings(facts).filter(({ wish }) => wants(wish, name));
    if (supply === undefined && waiting.length === 0) throw new DomainError('POOL_UNKNOWN', { name });
    return {
      ...poolRow(name, facts, records.get(name)),
      machines: (supply?.machines ?? []).map(machineRow),
      queue: waiting.map(queueRow),
      seq,
    };
  }

  async pause(name: string, note: string, actor: Viewer, requestId: string): Promise<void> {
    await this.#known(name);
    await this.#commands.pause(name, note, actor, requestId);
  }

  async resume(name: string, actor: Viewer, requestId: string): Promise<void> {
    await this.#known(name);
    await this.#commands.resume(name, actor, requestId);
  }

  /** A machine that somebody holds goes into maintenance when its holder lets go; any other at once. */
  startMaintenance(...order: Parameters<PoolCommands['startMaintenance']>): Promise<void> {
    return this.#commands.startMaintenance(...order);
  }

  /** Does nothing where the machine is in no maintenance. */
  endMaintenance(...order: Parameters<PoolCommands['endMaintenance']>): Promise<void> {
    return this.#commands.endMaintenance(...order);
  }

  /** Throws POOL_UNKNOWN, POOL_CAPACITY or RUNTIME_UNSUPPORTED where these machines can never be had. */
  async checkWants(asked: Wants, kind: ReservationKind): Promise<void> {
    const supplies = await this.#queries.supplies(asked.map(({ pool }) => pool));
    const refusal = refusalOf(wishOf(asked, kind, 0, 0), supplies);
    if (refusal !== null) throw refusal;
  }

  /** What would happen to a wish now: it stands last among those of its priority. */
  async availability(asked: Wants, kind: ReservationKind, priority: number): Promise<AvailabilityView> {
    const facts = await this.#facts(asked.map(({ pool }) => pool));
    const wish = { ...wishOf(asked, kind, priority, facts.now), name: '', sessionId: null, holderName: '' };
    const refusal = refusalOf(wish, facts.supplies);
    const pools = countsOf(wish).map(({ pool, count }) => {
      const machines = facts.supplies.find(({ name }) => name === pool)?.machines ?? [];
      return {
        name: pool,
        requested: count,
        available: freeFor(kind, machines),
        capacity: machines.filter((machine) => kind === 'manual' || machine.runsSessions).length,
        problem: problemOf(
          refusalOf({ ...wish, wants: wish.wants.filter((want) => want.pool === pool) }, facts.supplies),
        ),
      };
    });
    if (refusal !== null) {
      const sentence = `${pools.flatMap(({ problem }) => problem ?? []).join('; ')}.`;
      return { answer: 'never', sentence: capitalized(sentence), ahead: 0, estimate: null, pools };
    }
    const standing = standings({ ...facts, waiting: [...facts.waiting, wish] }).find((one) => one.wish === wish);
    if (standing === undefined) throw new Error('a wish was lost from its queue');
    const { fits, aheadCount, estimate } = standing;
    if (fits) {
      const free = pools.map(({ name, available }) =>
        pools.length === 1 ? `${available}` : `${available} of ${name}`,
      );
      return { answer: 'now', sentence: `${free.join(', ')} free now.`, ahead: aheadCount, estimate, pools };
    }
    return { answer: 'later', sentence: laterInWords(standing, facts.now), ahead: aheadCount, estimate, pools };
  }

  /** How these sessions stand; those that do not wait are left out. */
  async queueOf(sessionIds: readonly string[]): Promise<ReadonlyMap<string, QueueStanding>> {
    const asked = new Set(sessionIds);
    const found = await this.#standings(({ sessionId }) => sessionId !== null && asked.has(sessionId));
    return new Map(
      found.map(({ wish, ahead, aheadCount, why, estimate }) => [
        wish.sessionId ?? '',
        { position: aheadCount + 1, ahead, aheadCount, why, estimate },
      ]),
    );
  }

  /** The places of these reservations in their queues; those that do not wait are left out. */
  async positions(reservationIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const asked = new Set(reservationIds);
    const found = await this.#standings(({ id }) => asked.has(id));
    return new Map(found.map(({ wish, aheadCount }) => [wish.id, aheadCount + 1]));
  }

  /** How those stand that wait and are meant. */
  async #standings(isMeant: (wish: WaitingWish) => boolean): Promise<readonly Standing[]> {
    const waiting = await this.#queries.waiting();
    const meant = waiting.filter(isMeant);
    if (meant.length === 0) return [];
    const pools = meant.flatMap(({ wants: wanted }) => wanted.map(({ pool }) => pool));
    return standings(await this.#facts(pools, waiting)).filter(({ wish }) => isMeant(wish));
  }

  /** What says how those stand that want one of these pools: the whole fleet would be far more. */
  async #facts(pools: readonly string[], known?: readonly WaitingWish[]): Promise<QueueFacts<StoredMachine>> {
    const waiting = known ?? (await this.#queries.waiting());
    const related = relatedPools(waiting, pools);
    const facts = await this.#queries.facts([...related]);
    return { ...facts, waiting: waiting.filter((wish) => wish.wants.some(({ pool }) => related.has(pool))) };
  }

  async #known(name: string): Promise<void> {
    const [supply] = await this.#queries.supplies([name]);
    if (supply === undefined || (supply.machines.length === 0 && supply.declared.machines === 0)) {
      throw new DomainError('POOL_UNKNOWN', { name });
    }
  }
}

function wishOf(asked: Wants, kind: ReservationKind, priority: number, requestedAt: number): Wish {
  // No id of a reservation is empty.
  return { id: '', kind, priority, requestedAt, wants: wantsFrom(asked) };
}

/** One component for each machine: machine-1, machine-2 … */
export function wantsFrom(asked: Wants): Wish['wants'] {
  return asked
    .flatMap(({ pool, count }) => Array<string>(count).fill(pool))
    .map((pool, index) => ({ component: `machine-${index + 1}`, pool }));
}

function poolRow(
  name: string,
  facts: Pick<QueueFacts<StoredMachine>, 'supplies' | 'waiting'>,
  record: PoolRecord | undefined,
): PoolRow {
  const machines = facts.supplies.find((supply) => supply.name === name)?.machines ?? [];
  const waiting = facts.waiting.filter((wish) => wants(wish, name));
  const clusters = new Map(
    machines.map(({ clusterId, clusterName, environmentName }) => [
      clusterId,
      { id: clusterId, name: clusterName, environmentName },
    ]),
  );
  return {
    name,
    capacity: machines.length,
    parts: partsOf(machines),
    runsSessions: machines.some((machine) => machine.runsSessions),
    environments: [...new Set(machines.map(({ environmentName }) => environmentName))],
    clusters: [...clusters.values()],
    paused: record?.paused ?? null,
    waiting: waiting.length,
    oldestWaitSince: waiting.length === 0 ? null : Math.min(...waiting.map(({ requestedAt }) => requestedAt)),
    history: record?.history ?? [],
    waits: record?.waits ?? { p50Ms: null, p90Ms: null, samples: 0 },
  };
}

function machineRow(machine: StoredMachine): MachineRow {
  const { runsSessions: _, ...row } = machine;
  return { ...row, part: partOf(machine) };
}

function queueRow({ wish, ahead, aheadCount, why, estimate }: Standing, index: number): QueueRow {
  const { id, kind, name, sessionId, holderName, priority, requestedAt } = wish;
  return {
    reservationId: id,
    kind,
    name,
    sessionId,
    holderName,
    wants: countsOf(wish),
    priority,
    requestedAt,
    position: index + 1,
    ahead,
    aheadCount,
    why,
    estimate,
  };
}

function wants(wish: Wish, name: string): boolean {
  return wish.wants.some(({ pool }) => pool === name);
}

function problemOf(refusal: DomainError | null): string | null {
  if (refusal === null) return null;
  const { details } = refusal;
  if ('requested' in details) {
    const { name, capacity, requested } = details;
    return `${name} has ${capacity} ${capacity === 1 ? 'machine' : 'machines'} and ${requested} are needed`;
  }
  if ('machine' in details) return `${details.machine} can run components`;
  return 'name' in details ? `there is no pool ${details.name}` : refusal.message;
}

function laterInWords({ aheadCount, estimate, why }: Standing, now: number): string {
  const others = aheadCount === 1 ? '1 other is ahead' : `${aheadCount} others are ahead`;
  if (estimate !== null) {
    const [earliest, latest] = [roughly(estimate.earliest - now), roughly(estimate.latest - now)];
    if (estimate.earliest <= now) return `Up to ${latest}: ${why}.`;
    return earliest === latest ? `About ${latest}: ${why}.` : `About ${earliest} to ${latest}: ${why}.`;
  }
  return capitalized(aheadCount > 0 ? `${others}: ${why}.` : `${why}; nobody knows when.`);
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
