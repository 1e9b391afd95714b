import type { QueueRow, StartEstimateView } from '../contract/pool.ts';
import { needsOf, partOf } from '../domain/pool/pool.ts';
import { type ExpectedRelease, estimateStart, type PoolOutlook } from '../domain/pool/queue-estimate.ts';
import { explainQueue, type QueuePlace } from '../domain/pool/queue-explanation.ts';
import type { WaitReason } from '../domain/pool/queue-walk.ts';
import {
  countedPools,
  forSessions,
  mixedPools,
  type PoolSupply,
  queued,
  realPool,
  reserveAhead,
  type SupplyMachine,
  type Wish,
} from '../domain/pool/supply.ts';

export interface WaitingWish extends Wish {
  readonly name: string;
  readonly sessionId: string | null;
  readonly holderName: string;
}

export interface BusyMachine extends SupplyMachine {
  readonly since: number | null;
  readonly holder: {
    readonly kind: 'session' | 'manual';
    readonly since: number;
    readonly until: number | null;
  } | null;
  readonly maintenance: object | null;
}

/** Half of some durations were not longer than the one, nine of ten not longer than the other. */
export interface Usual {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** All that is needed to say who waits for what: of all pools, or of some and those that are related to them. */
export interface QueueFacts<Machine extends BusyMachine = BusyMachine> {
  readonly supplies: readonly PoolSupply<Machine>[];
  /** In the order in which they came. */
  readonly waiting: readonly WaitingWish[];
  /** How long sessions held a machine of a pool lately. */
  readonly usualHolds: ReadonlyMap<string, Usual>;
  /** How long machines of a cluster took to start lately. */
  readonly usualStarts: ReadonlyMap<string, Usual>;
  readonly now: number;
}

/** How one who waits stands. */
export interface Standing {
  readonly wish: WaitingWish;
  /** The first of those before it that want a pool which it wants too, at most three. */
  readonly ahead: readonly string[];
  /** How many there are of those. */
  readonly aheadCount: number;
  readonly why: string;
  /** Whether it would get its machines the next time that somebody asks. */
  readonly fits: boolean;
  /** For one with nobody ahead; null also where nobody knows. */
  readonly estimate: StartEstimateView | null;
}

/** All that wait, in the order in which they are asked. */
export function standings(facts: QueueFacts): readonly Standing[] {
  const { supplies, waiting, now } = facts;
  const byId = new Map(waiting.map((wish) => [wish.id, wish]));
  const mixed = mixedPools(supplies);
  const sessions = waiting.map((wish) => queued(wish, mixed));
  const nameOf = (id: string) => byId.get(id)?.name ?? id;
  return explainQueue(sessions, countedPools(supplies), reserveAhead(now)).flatMap((place) => {
    const wish = byId.get(place.name);
    if (wish === undefined) return [];
    const fits = place.why.length === 0;
    return [
      {
        wish,
        ahead: place.ahead.map(nameOf),
        aheadCount: place.aheadCount,
        why: fits ? whyNotYet(wish) : whyInWords(place, nameOf),
        fits,
        estimate: fits || place.aheadCount > 0 ? null : estimateOf(wish, place, facts),
      },
    ];
  });
}

/** How many machines of each pool it wants, in the order of its components. */
export function countsOf(wish: Pick<Wish, 'id' | 'wants'>): QueueRow['wants'] {
  const needs = needsOf({ name: wish.id, components: wish.wants });
  return Array.from(needs, ([pool, count]) => ({ pool, count }));
}

function whyNotYet({ kind }: WaitingWish): string {
  return kind === 'session'
    ? 'its machines are free; it waits for a worker that has room for it'
    : 'its machines are free; it gets them next';
}

function whyInWords({ why, holds }: QueuePlace, nameOf: (id: string) => string): string {
  const reasons = new Map<string, string>();
  for (const reason of why) {
    const pool = realPool(reason.pool);
    if (!reasons.has(pool)) reasons.set(pool, reasonInWords(reason, pool, nameOf));
  }
  const kept = holds ? ['machines that come free are kept for it'] : [];
  return [...reasons.values(), ...kept].join('; ');
}

function reasonInWords(reason: WaitReason, pool: string, nameOf: (id: string) => string): string {
  const usable = pool === reason.pool ? '' : ' that can run components';
  switch (reason.kind) {
    case 'unknown-pool':
      return `there is no pool ${pool}`;
    case 'never-fits':
      return `needs ${reason.needs} of ${pool}${usable}, which has ${reason.capacity}`;
    case 'pool-paused':
      return `${pool} is paused`;
    case 'too-few-free':
      return `needs ${reason.needs} of ${pool}${usable}, ${reason.free} ${reason.free === 1 ? 'is' : 'are'} free`;
    case 'held-for':
      return `the free machines of ${pool} are kept for ${nameOf(reason.by)}`;
  }
}

function estimateOf(wish: WaitingWish, { holds }: QueuePlace, facts: QueueFacts): StartEstimateView | null {
  const wanted = new Set(wish.wants.map(({ pool }) => pool));
  const supplies = facts.supplies.filter(({ name }) => wanted.has(name));
  // A paused pool gives nobody a machine, however many come free.
  if (supplies.some(({ paused }) => paused)) return null;
  const needs = needsOf(queued(wish, mixedPools(supplies)));
  const outlooks = supplies.flatMap((supply) => [
    outlookOf(supply.name, supply.machines, facts),
    outlookOf(
      forSessions(supply.name),
      supply.machines.filter((machine) => machine.runsSessions),
      facts,
    ),
  ]);
  const estimate = estimateStart({ needs, holds }, outlooks, facts.now);
  return estimate && { ...estimate, because: withRealNames(estimate.because) };
}

function withRealNames(sentence: string): string {
  return sentence.replaceAll(forSessions(''), '');
}

function outlookOf(pool: string, machines: readonly BusyMachine[], facts: QueueFacts): PoolOutlook {
  return {
    pool,
    free: machines.filter((machine) => partOf(machine) === 'available').length,
    busy: machines.flatMap((machine) => (comesBack(machine) ? [releaseOf(machine, facts)] : [])),
  };
}

/** Whether somebody else can have it once its holder lets go, or once it has started. */
function comesBack(machine: BusyMachine): boolean {
  const part = partOf(machine);
  if (part === 'provisioning') return true;
  if (part !== 'inUse' && part !== 'reserved' && part !== 'cleaning') return false;
  return machine.maintenance === null && partOf({ ...machine, state: 'idle' }) === 'available';
}

function releaseOf(machine: BusyMachine, { usualHolds, usualStarts }: QueueFacts): ExpectedRelease | null {
  const { holder, since, state } = machine;
  if (holder === null) return expected('provisioning', since, usualStarts.get(machine.clusterId));
  if (holder.kind === 'manual') {
    return holder.until === null ? null : { kind: 'lease-ends', p50: holder.until, p90: holder.until };
  }
  const kind = state === 'cleaning' ? 'cleaning' : 'session-usually-ends';
  return expected(kind, holder.since, usualHolds.get(machine.pool));
}

function expected(
  kind: ExpectedRelease['kind'],
  since: number | null,
  usual: Usual | undefined,
): ExpectedRelease | null {
  if (since === null || usual === undefined) return null;
  return { kind, p50: since + usual.p50Ms, p90: since + usual.p90Ms };
}

/** Machines of a pool that this kind of holder could get now. */
export function freeFor(kind: Wish['kind'], machines: readonly SupplyMachine[]): number {
  return machines.filter((one) => partOf(one) === 'available' && (kind === 'manual' || one.runsSessions)).length;
}
