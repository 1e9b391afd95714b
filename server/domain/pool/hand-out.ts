import { chooseMachines, type IdleMachine } from './choose-machines.ts';
import { needsOf, partOf } from './pool.ts';
import { ReservationManager } from './reservation-manager.ts';
import { SessionQueue } from './session-queue.ts';
import {
  countedPools,
  mixedPools,
  type PoolSupply,
  queued,
  reserveAhead,
  type SupplyMachine,
  type Wish,
} from './supply.ts';

export interface FreeMachine extends SupplyMachine, IdleMachine {}

export interface Handed<Machine> {
  readonly wish: Wish;
  /** One for each component, in their order. */
  readonly machines: readonly { readonly component: string; readonly machine: Machine }[];
}

/**
 * Who of those that wait gets which machines now; `wishes` in the order in which they came. At most `sessions` sessions
 * are served. One that fits and is beyond that keeps its place: its machines are left free for it, so that nobody
 * overtakes it while it waits for a worker.
 */
export function handOut<Machine extends FreeMachine>(
  wishes: readonly Wish[],
  supplies: readonly PoolSupply<Machine>[],
  sessions: number,
  now: number,
): readonly Handed<Machine>[] {
  const manager = new ReservationManager();
  for (const pool of countedPools(supplies)) manager.addPool(pool);
  const queue = new SessionQueue(manager, reserveAhead(now));
  const byId = new Map(wishes.map((wish) => [wish.id, wish]));
  const mixed = mixedPools(supplies);
  for (const wish of wishes) queue.enqueue(queued(wish, mixed));
  const stock = new Map(supplies.map(({ name, machines }) => [name, machines]));

  const handed: Handed<Machine>[] = [];
  let room = sessions;
  for (let next = queue.dequeue(); next !== null; next = queue.dequeue()) {
    const wish = byId.get(next.name);
    if (wish === undefined) throw new Error(`${next.name} was never in the queue`);
    if (wish.kind === 'session') {
      if (room <= 0) continue;
      room -= 1;
    }
    handed.push({ wish, machines: take(wish, stock) });
  }
  return handed;
}

/** Chooses the machines of a wish, and takes them out of the stock. */
function take<Machine extends FreeMachine>(wish: Wish, stock: Map<string, readonly Machine[]>) {
  const chosen = new Map<string, Machine[]>();
  for (const [pool, wanted] of needsOf({ name: wish.id, components: wish.wants })) {
    const machines = choose(wish.kind, stock.get(pool) ?? [], wanted);
    // The manager counted them from the same facts.
    if (machines === null) throw new Error(`${pool} has fewer machines than were counted`);
    const taken = new Set(machines);
    stock.set(pool, stock.get(pool)?.filter((machine) => !taken.has(machine)) ?? []);
    chosen.set(pool, [...machines]);
  }
  return wish.wants.flatMap(({ component, pool }) => {
    const machine = chosen.get(pool)?.shift();
    return machine === undefined ? [] : [{ component, machine }];
  });
}

/**
 * A person gets those that no session could use first. So where he takes others, too, only such are left, and the count
 * of the whole pool is theirs.
 */
function choose<Machine extends FreeMachine>(
  kind: Wish['kind'],
  machines: readonly Machine[],
  wanted: number,
): readonly Machine[] | null {
  const usable = machines.filter((machine) => machine.runsSessions);
  if (kind === 'session') return chooseMachines(usable, wanted);
  const others = machines.filter((machine) => !machine.runsSessions && partOf(machine) === 'available');
  const first = chooseMachines(others, Math.min(wanted, others.length)) ?? [];
  const rest = chooseMachines(usable, wanted - first.length);
  return rest && [...first, ...rest];
}
