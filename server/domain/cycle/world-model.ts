import type { Cluster, Health, Instance } from '../cluster/cluster.ts';
import { inServiceFrom } from './in-service.ts';
import type { CyclePolicy } from './policy.ts';
import type { Task, TaskConfig } from './task.ts';

/** What an instance can be on its way to: started, drained, gone. */
export type Phase = 'start' | 'drain' | 'terminate';

/** How the world answers. Both are asked once for each instance and phase. */
export interface Nature {
  /** How long the phase lasts from its order, in milliseconds; Infinity: for ever. */
  lasts(phase: Phase, instance: Instance): number;
  /** What the health checks say of an instance once it has started. Absent: there are no health checks. */
  health?(instance: Instance): Health;
}

/** An instance of the model. `dueAt` is when it leaves its state by itself; Infinity where it does not. */
export type Machine = { -readonly [Key in keyof Instance]: Instance[Key] } & { dueAt: number };

/**
 * A small model of a back end, in its own time: it carries out tasks, and each machine takes the time that nature gives it.
 * The forecast runs the planner against it, and so do the properties that judge the planner.
 */
export class World {
  now: number;
  readonly #nature: Nature;
  readonly #cluster: Cluster;
  #machines: Machine[];
  readonly #ids: Set<string>;

  constructor(cluster: Cluster, now: number, nature: Nature) {
    this.now = now;
    this.#nature = nature;
    this.#cluster = cluster;
    this.#ids = new Set(cluster.instances.map(({ id }) => id));
    this.#machines = cluster.instances.map((instance) => ({ ...instance, dueAt: this.#remaining(instance) }));
  }

  /** A live view: it changes as the world does. */
  get cluster(): Cluster {
    return { ...this.#cluster, instances: this.#machines };
  }

  get machines(): readonly Machine[] {
    return this.#machines;
  }

  /** Carries out what is ordered. Waits and holds order nothing; what has gone, or has left its state, is passed over. */
  order(tasks: readonly Task[]): void {
    for (const task of tasks) {
      if (task.kind === 'start') this.#start(task.count);
      else if (task.kind === 'drain')
        this.#each(
          task.instanceIds,
          (machine) => machine.state === 'started' && this.#enter(machine, 'draining', 'drain'),
        );
      else if (task.kind === 'terminate') {
        this.#each(
          task.instanceIds,
          (machine) => machine.state !== 'terminating' && this.#enter(machine, 'terminating', 'terminate'),
        );
      }
    }
  }

  /** Puts draining instances back in service, and has cycles leave them alone. */
  undrain(ids: readonly string[]): void {
    this.#each(ids, (machine) => {
      machine.state = 'started';
      machine.updatedAt = this.now;
      machine.excluded = 'skipped';
      machine.dueAt = Number.POSITIVE_INFINITY;
    });
  }

  /** When something happens next by itself; Infinity where nothing does. */
  nextAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt } of this.#machines) if (dueAt < next) next = dueAt;
    return next;
  }

  /** Lets time pass: what is due by then has happened. */
  advanceTo(at: number): void {
    this.now = at;
    let gone = false;
    for (const machine of this.#machines) {
      if (machine.dueAt > at) continue;
      if (machine.state === 'terminating') gone = true;
      else this.#arrive(machine);
    }
    if (gone)
      this.#machines = this.#machines.filter((machine) => machine.state !== 'terminating' || machine.dueAt > at);
  }

  #arrive(machine: Machine): void {
    machine.updatedAt = machine.dueAt;
    if (machine.state === 'starting') {
      machine.state = 'started';
      if (this.#nature.health !== undefined) {
        machine.health = this.#nature.health(machine);
        machine.healthySince = machine.health === 'healthy' ? machine.dueAt : null;
      }
    } else if (machine.state === 'draining') {
      machine.state = 'drained';
    }
    machine.dueAt = Number.POSITIVE_INFINITY;
  }

  #start(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const instance: Instance = {
        id: this.#newId(),
        state: 'starting',
        config: this.#cluster.config,
        createdAt: this.now,
        updatedAt: this.now,
      };
      this.#machines.push({ ...instance, dueAt: this.now + this.#nature.lasts('start', instance) });
    }
  }

  #newId(): string {
    let ordinal = this.#ids.size + 1;
    while (this.#ids.has(`new-${ordinal}`)) ordinal += 1;
    this.#ids.add(`new-${ordinal}`);
    return `new-${ordinal}`;
  }

  #enter(machine: Machine, state: 'draining' | 'terminating', phase: Phase): void {
    machine.state = state;
    machine.updatedAt = this.now;
    machine.dueAt = this.now + this.#nature.lasts(phase, machine);
  }

  #each(ids: readonly string[], change: (machine: Machine) => void): void {
    const wanted = new Set(ids);
    for (const machine of this.#machines) if (wanted.has(machine.id)) change(machine);
  }

  /** What is under way has done a part of its time. What is over its time already needs a tenth more. */
  #remaining(instance: Instance): number {
    const phase = phaseOf(instance);
    if (phase === null) return Number.POSITIVE_INFINITY;
    const lasts = this.#nature.lasts(phase, instance);
    const since = instance.state === 'starting' ? instance.createdAt : instance.updatedAt;
    const elapsed = since === null ? 0 : Math.max(0, this.now - since);
    return this.now + Math.max(lasts - elapsed, lasts / 10);
  }
}

/**
 * The next moment at which a plan may change: a machine leaves its state, comes into service, or exceeds the drain timeout.
 * Infinity where there is none.
 */
export function nextChange({ machines, now }: World, { drainTimeoutMs }: TaskConfig, policy: CyclePolicy): number {
  let next = Number.POSITIVE_INFINITY;
  for (const machine of machines) {
    let at = Number.POSITIVE_INFINITY;
    if (machine.dueAt < next) next = machine.dueAt;
    if (machine.state === 'started') at = inServiceFrom(machine, policy);
    else if (machine.state === 'draining' && drainTimeoutMs > 0 && machine.updatedAt !== null)
      at = machine.updatedAt + drainTimeoutMs;
    if (at > now && at < next) next = at;
  }
  return next;
}

function phaseOf({ state }: Instance): Phase | null {
  switch (state) {
    case 'starting':
      return 'start';
    case 'draining':
      return 'drain';
    case 'terminating':
      return 'terminate';
    case 'started':
    case 'drained':
      return null;
  }
}
