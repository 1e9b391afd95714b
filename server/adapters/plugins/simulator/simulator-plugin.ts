import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SimulatorSettings } from '../../../contract/simulator-settings.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import type { SettingChange } from '../../../domain/cycle/settings.ts';
import { DomainError, isDomainError } from '../../../domain/errors.ts';
import {
  type Description,
  type DestroyContext,
  type InstancePlugin,
  type Json,
  type MachineFacts,
  type MachineStatus,
  type Spec,
  TAGS,
} from '../../../domain/instance/plugin.ts';
import { Prisma, type PrismaClient } from '../../postgres/generated/client.ts';
import { LOSSES_KEPT_MS, type LoggedCall, takeCensus } from './call-log.ts';
import { type Attempt, drawFault, drawMachine, type Fault } from './chance.ts';
import { machineId } from './draw.ts';
import { type StoredMachine, toMachine, toProperties, toRow } from './machine-rows.ts';
import { factsAt } from './model.ts';

export interface SimulatorOptions {
  /** Best with connections of its own: calls for one cluster wait for each other, each holding one. */
  readonly database: PrismaClient;
  readonly environmentId: string;
  /** The environment's name, for errors. */
  readonly name: string;
  readonly settings: SimulatorSettings;
  /** Epoch milliseconds. Absent: the database's clock, so that all processes live in one time. */
  readonly clock?: () => number;
  /** What goes wrong with an attempt. Absent: what the settings and their seed draw. */
  readonly fault?: (attempt: Attempt) => Fault | null;
}

/**
 * Machines that exist only in tables. Every process with the same database sees one world, and it survives them all.
 *
 * A call is one transaction: it takes effect whole and before its deadline, or not at all, whatever becomes of its
 * caller, and it leaves a row in the call log. Calls for one cluster take effect one after the other.
 * Two provisions with one logical id count once, for ever. Orders for a machine that has gone are harmless; for one that
 * never existed they are INSTANCE_UNKNOWN.
 */
export class SimulatorPlugin implements InstancePlugin, MachineStatus {
  readonly #options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.#options = options;
  }

  /** Any object will do: a simulated machine runs nothing. */
  async validate(properties: Json, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (properties === null || typeof properties !== 'object' || Array.isArray(properties)) {
      throw new DomainError('INVALID_INPUT', {
        field: 'spec',
        message: 'write an object, for example { "image": "checkout-api:1.4" }',
      });
    }
  }

  async provision(spec: Spec, call: Call): Promise<string> {
    await this.validate(spec.properties, call.signal);
    const { environmentId, settings } = this.#options;
    const id = machineId(environmentId, spec.logicalId ?? randomUUID());
    const name = spec.logicalId ?? id;
    const clusterId = spec.tags[TAGS.cluster] ?? null;
    await this.#call('provision', { id, name, clusterId }, call, async (tx, known, now) => {
      if (known) return NO_EFFECT;
      const drawn = drawMachine(settings, name, now);
      const orders = { closedAt: null, drainOrderedAt: null, destroyOrderedAt: null, goneAt: null };
      const identity = { id, clusterId, logicalId: spec.logicalId, tags: spec.tags, createdAt: now };
      await tx.simInstance.create({
        data: toRow(environmentId, { ...identity, ...drawn, ...orders }, spec.properties),
      });
      return EFFECT;
    });
    return id;
  }

  async label(id: string, labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const limits = { token: null, deadline: Date.now() + LABEL_LIMIT_MS, signal };
    await this.#call('label', await this.#find(id, signal), limits, async (tx, known, now) => {
      if (!known || !factsAt(known, now)) return refusal(new DomainError('INSTANCE_UNKNOWN', { id }));
      const moved = labels[TAGS.cluster] !== undefined && labels[TAGS.cluster] !== known.clusterId;
      if (moved) return refusal(this.#refused('label', 'an instance stays in its cluster'));
      await tx.simInstance.update({ where: { id }, data: { tags: { ...known.tags, ...labels } } });
      return EFFECT;
    });
  }

  async destroy(id: string, _context: DestroyContext, call: Call): Promise<void> {
    await this.#call('destroy', await this.#find(id, call.signal), call, async (tx, known, now) => {
      if (!known) return refusal(new DomainError('INSTANCE_UNKNOWN', { id }));
      if (known.destroyOrderedAt !== null || !factsAt(known, now)) return NO_EFFECT;
      if (known.protection !== null) return refusal(this.#refused('destroy', `it is ${PROTECTED[known.protection]}`));
      const goneAt = new Date(now + known.terminateMs);
      await tx.simInstance.update({ where: { id }, data: { destroyOrderedAt: new Date(now), goneAt } });
      return EFFECT;
    });
  }

  async drain(id: string, call: Call): Promise<void> {
    await this.#call('drain', await this.#find(id, call.signal), call, async (tx, known, now) => {
      if (!known) return refusal(new DomainError('INSTANCE_UNKNOWN', { id }));
      const state = factsAt(known, now)?.state;
      if (state !== 'starting' && state !== 'started') return NO_EFFECT;
      await tx.simInstance.update({ where: { id }, data: { drainOrderedAt: new Date(now) } });
      return EFFECT;
    });
  }

  /** Possible until the machine is drained; harmless when it was not draining. */
  async undrain(id: string, call: Call): Promise<void> {
    await this.#call('undrain', await this.#find(id, call.signal), call, async (tx, known, now) => {
      const state = known && factsAt(known, now)?.state;
      if (!state) return refusal(new DomainError('INSTANCE_UNKNOWN', { id }));
      if (state === 'starting' || state === 'started') return NO_EFFECT;
      if (state !== 'draining') return refusal(this.#refused('undrain', `it is ${state} already`));
      await tx.simInstance.update({ where: { id }, data: { drainOrderedAt: null } });
      return EFFECT;
    });
  }

  async clusterSettings(clusterId: string, signal: AbortSignal): Promise<{ autoscaling: 'active' | 'suspended' }> {
    const { environmentId } = this.#options;
    const row = await this.#read('cluster settings', signal, (database) =>
      database.simCluster.findUnique({ where: { environmentId_clusterId: { environmentId, clusterId } } }),
    );
    return { autoscaling: row?.autoscaling === 'suspended' ? 'suspended' : 'active' };
  }

  async changeSettings(clusterId: string, changes: readonly SettingChange[], call: Call): Promise<void> {
    const target = { id: null, name: clusterId, clusterId };
    await this.#call('configure', target, call, async (tx, _known, now) => {
      for (const change of changes) await this.#set(tx, clusterId, change, now);
      return { effect: changes.length > 0, settings: changes };
    });
  }

  async #set(
    tx: Prisma.TransactionClient,
    clusterId: string,
    { name, instanceId, value }: SettingChange,
    now: number,
  ): Promise<void> {
    const { environmentId } = this.#options;
    if (instanceId === null) {
      const key = { environmentId, clusterId };
      const data = { autoscaling: value };
      await tx.simCluster.upsert({
        where: { environmentId_clusterId: key },
        create: { ...key, ...data },
        update: data,
      });
      return;
    }
    const data =
      name === 'closed'
        ? { closedAt: value === 'closed' ? new Date(now) : null }
        : { protection: value === 'none' ? null : value };
    await tx.simInstance.updateMany({ where: { id: instanceId, environmentId, clusterId }, data });
  }

  async describeInstances(
    labels: Readonly<Record<string, string>>,
    properties: boolean,
    signal: AbortSignal,
  ): Promise<readonly Description[]> {
    const clusterId = labels[TAGS.cluster];
    const rows = await this.#read('describe instances', signal, (database, now) =>
      database.simInstance.findMany({
        where: { ...this.#listed(now), ...(clusterId !== undefined && { clusterId }) },
        omit: { properties: !properties },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),
    );
    return rows
      .map((row): Description => {
        const { id, logicalId, tags } = toMachine(row);
        return { id, logicalId, tags, properties: properties ? toProperties(row.properties) : null };
      })
      .filter(({ tags }) => Object.entries(labels).every(([key, value]) => tags[key] === value));
  }

  async status(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, MachineFacts>> {
    return this.#read('status', signal, async (database, now) => {
      const where = { ...this.#listed(now), id: { in: [...ids] } };
      const rows = await database.simInstance.findMany({ where, omit: { properties: true } });
      return new Map(
        rows.map(toMachine).flatMap((machine) => {
          const facts = factsAt(machine, now);
          return facts ? [[machine.id, facts] as const] : [];
        }),
      );
    });
  }

  async #read<T>(
    operation: string,
    signal: AbortSignal,
    body: (database: PrismaClient, now: number) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const { database } = this.#options;
    const answer = await this.#asUnavailable(operation, signal, async () => body(database, await this.#now(database)));
    signal.throwIfAborted();
    return answer;
  }

  #listed(now: number) {
    return { environmentId: this.#options.environmentId, OR: [{ goneAt: null }, { goneAt: { gt: new Date(now) } }] };
  }

  async #find(id: string, signal: AbortSignal): Promise<Target> {
    const { environmentId, database } = this.#options;
    const row = await this.#asUnavailable('find instance', signal, () =>
      database.simInstance.findUnique({ where: { id, environmentId }, select: { logicalId: true, clusterId: true } }),
    );
    return { id, name: row?.logicalId ?? id, clusterId: row?.clusterId ?? null };
  }

  /** Lets `change` act on the world within one transaction, logs it, and then answers as the drawn fault wants. */
  async #call(operation: LoggedCall['operation'], target: Target, limits: Limits, change: Change): Promise<void> {
    limits.signal.throwIfAborted();
    const withinMs = limits.deadline - this.#callersNow();
    if (withinMs <= 0) throw this.#tooLate(operation, limits);
    const { answer, error } = await this.#asUnavailable(operation, limits.signal, () =>
      this.#options.database.$transaction((tx) => this.#takeEffect(tx, operation, target, limits, change), {
        maxWait: withinMs,
        // The transaction minds the deadline itself; this only ends one whose connection hangs.
        timeout: withinMs + 1_000,
      }),
    );
    if (error) throw error;
    if (answer !== 'late-answer') return;
    const untilLateMs = Math.max(0, limits.deadline - this.#callersNow()) + LATE_BY_MS;
    await delay(untilLateMs, undefined, { signal: limits.signal }).catch(() => limits.signal.throwIfAborted());
  }

  async #takeEffect(
    tx: Prisma.TransactionClient,
    operation: LoggedCall['operation'],
    target: Target,
    limits: Limits,
    change: Change,
  ): Promise<Answer> {
    const { environmentId } = this.#options;
    await lockCluster(tx, environmentId, target.clusterId);
    const now = await this.#bound(tx, operation, limits);
    const rows = await tx.simInstance.findMany({
      where: { ...this.#listed(now - LOSSES_KEPT_MS), clusterId: target.clusterId },
      omit: { properties: true },
    });
    const machines = rows.map(toMachine);
    const census = takeCensus(machines, target.id, now);
    const known =
      machines.find(({ id }) => id === target.id) ?? (target.id === null ? null : await this.#forgotten(tx, target.id));

    const fault = await this.#fault(tx, operation, target, limits);
    const { effect, error, settings } = fault === 'throttled' ? NO_EFFECT : await change(tx, known, now);
    const answer = error ? 'refused' : (fault ?? 'ok');
    await tx.simCall.create({
      data: {
        environmentId,
        at: new Date(now),
        operation,
        token: limits.token,
        instanceId: target.id,
        clusterId: target.clusterId,
        effect,
        answer,
        inService: census.inService,
        detail: {
          ...census.detail,
          ...(settings && { settings: settings.map((one) => ({ ...one })) }),
          logicalId: target.name === target.id ? null : target.name,
          deadline: limits.token === null ? null : limits.deadline,
        },
      },
    });
    limits.signal.throwIfAborted();
    await this.#bound(tx, operation, limits);
    return { answer, error: error ?? this.#errorOf(answer, operation) };
  }

  /** A machine that went so long ago that the cluster's log no longer needs it. */
  async #forgotten(tx: Prisma.TransactionClient, id: string): Promise<StoredMachine | null> {
    const { environmentId } = this.#options;
    const row = await tx.simInstance.findUnique({ where: { id, environmentId }, omit: { properties: true } });
    return row && toMachine(row);
  }

  async #fault(
    tx: Prisma.TransactionClient,
    operation: LoggedCall['operation'],
    target: Target,
    { token }: Limits,
  ): Promise<Fault | null> {
    if (token === null || operation === 'label') return null;
    const { environmentId, settings, fault } = this.#options;
    const repetition = await tx.simCall.count({ where: { environmentId, token, operation, instanceId: target.id } });
    const attempt = { operation, token, machine: target.name, repetition };
    return fault ? fault(attempt) : drawFault(settings, attempt);
  }

  #errorOf(answer: LoggedCall['answer'], operation: string): DomainError | undefined {
    const where = { environment: this.#options.name, operation };
    if (answer === 'throttled')
      return new DomainError('ENVIRONMENT_THROTTLED', { ...where, retryAfterMs: RETRY_AFTER_MS });
    if (answer === 'lost-answer') return new DomainError('ENVIRONMENT_UNAVAILABLE', where);
    return undefined;
  }

  /**
   * The world's time; CALL_DEADLINE where the deadline has passed. In the same statement the server is told to give the
   * transaction up at the deadline: otherwise a caller that is stopped here could still commit when it goes on. After
   * the deadline the caller only rolls back, and may take a moment for it.
   */
  async #bound(tx: Prisma.TransactionClient, operation: string, limits: Limits): Promise<number> {
    const rows = await tx.$queryRaw<{ now: number }[]>`
      select now, set_config('idle_in_transaction_session_timeout',
        case when idle_ms between 1 and ${LONGEST_IDLE_MS} then idle_ms else ${LONGEST_IDLE_MS} end::int::text, true)
      from (select now, ${limits.deadline}::float8 - now as idle_ms from (select ${this.#clock()} as now) as clock) as limits`;
    const { now } = single(rows);
    if (now >= limits.deadline) throw this.#tooLate(operation, limits);
    return now;
  }

  async #now(database: Pick<PrismaClient, '$queryRaw'>): Promise<number> {
    return single(await database.$queryRaw<{ now: number }[]>`select ${this.#clock()} as now`).now;
  }

  #clock(): Prisma.Sql {
    const { clock } = this.#options;
    return clock
      ? Prisma.sql`${clock()}::float8`
      : Prisma.sql`floor(extract(epoch from clock_timestamp()) * 1000)::float8`;
  }

  /** The clock that deadlines were written with, for how long to wait; the world's clock decides. */
  #callersNow(): number {
    return (this.#options.clock ?? Date.now)();
  }

  #tooLate(operation: string, { token }: Limits): DomainError {
    return new DomainError('CALL_DEADLINE', { operation, token: token ?? '' });
  }

  #refused(operation: string, message: string): DomainError {
    return new DomainError('ENVIRONMENT_REFUSED', { environment: this.#options.name, operation, message });
  }

  /** The only place where a failure of the database becomes one of ours: the call may or may not have taken effect. */
  async #asUnavailable<T>(operation: string, signal: AbortSignal, body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (cause) {
      // Not by its class: a connection that is cut reaches us as Prisma's error, the driver's or a plain one.
      if (isDomainError(cause)) throw cause;
      signal.throwIfAborted();
      throw new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: this.#options.name, operation }, { cause });
    }
  }
}

interface Target {
  /** `null`: the cluster itself. */
  readonly id: string | null;
  /** Its logical id, or its id where it has none: the same in every run. */
  readonly name: string;
  readonly clusterId: string | null;
}

interface Limits extends Omit<Call, 'token'> {
  /** `null`: nothing goes wrong with it. */
  readonly token: string | null;
}

type Change = (tx: Prisma.TransactionClient, known: StoredMachine | null, now: number) => Promise<Outcome>;

interface Outcome {
  readonly effect: boolean;
  readonly settings?: readonly SettingChange[];
  readonly error?: DomainError;
}

interface Answer {
  readonly answer: LoggedCall['answer'];
  readonly error?: DomainError;
}

const EFFECT: Outcome = { effect: true };
const NO_EFFECT: Outcome = { effect: false };
const refusal = (error: DomainError): Outcome => ({ effect: false, error });

const PROTECTED = { protected: 'protected from scale-in', standby: 'on standby' } as const;

const LABEL_LIMIT_MS = 10_000;
const RETRY_AFTER_MS = 500;
const LATE_BY_MS = 200;
const LONGEST_IDLE_MS = 60_000;

/** Until the transaction ends, no other call for the cluster takes effect. */
async function lockCluster(
  tx: Prisma.TransactionClient,
  environmentId: string,
  clusterId: string | null,
): Promise<void> {
  const name = `simulator/${environmentId}/${clusterId ?? ''}`;
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

function single<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('the statement gave no row');
  return row;
}
