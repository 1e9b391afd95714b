import type { CapacityPoint } from '../domain/cycle/capacity.ts';
import type { CycleState } from '../domain/cycle/cycle-state.ts';
import type { ActivityView } from './activity.ts';
import type { CycleProgress } from './cycle.ts';
import type { PoolParts } from './pool.ts';

/** All that needs a look now. Times are epoch milliseconds. */
export interface OverviewView {
  /** When this was read, or last seen to be as it was. */
  readonly at: number;
  readonly numbers: OverviewNumbers;
  /** The most urgent first. */
  readonly needs: Bounded<NeedView>;
  /** Active ones, those that have begun first. */
  readonly cycles: Bounded<ActiveCycleView>;
  /** The cycle that ended last; null where none has. */
  readonly lastCycle: EndedCycleView | null;
  /** The longest queue first, then the fewest free. */
  readonly pools: Bounded<OverviewPool>;
  /** The newest first. */
  readonly activity: readonly ActivityView[];
  /** For each stream the number that this view is as of. */
  readonly cursors: Readonly<Record<string, string>>;
}

/** The first of a list, and how many there are in all. */
export interface Bounded<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

export interface OverviewNumbers {
  readonly clusters: number;
  readonly outdatedClusters: number;
  readonly outdatedInstances: number;
  /** Running, pausing or aborting. */
  readonly runningCycles: number;
  readonly pausedCycles: number;
  /** Approved, and not begun. */
  readonly waitingCycles: number;
  /** Plans that the viewer may approve. */
  readonly approvals: number;
  /** Plans that wait for an approval, whoever may give it. */
  readonly waitingPlans: number;
  readonly pools: number;
  /** Pools with machines, none of them free. */
  readonly fullPools: number;
  /** Sessions and people that wait for machines. */
  readonly waitingForMachines: number;
}

interface OfCluster {
  readonly clusterName: string;
  readonly environmentName: string;
}

/** Something that a person should look at. */
export type NeedView =
  | (OfCluster & {
      readonly kind: 'paused-cycle';
      readonly cycleId: string;
      /** A person paused it, so somebody knows. */
      readonly byPerson: boolean;
      readonly sentence: string;
      readonly next: string;
      readonly since: number | null;
    })
  | (OfCluster & {
      readonly kind: 'approval';
      readonly planId: string;
      readonly sentence: string;
      readonly authorName: string;
      readonly approvals: number;
      readonly approvalsNeeded: number;
      readonly expiresAt: number;
    })
  | (OfCluster & {
      readonly kind: 'drain';
      readonly cycleId: string;
      /** The one whose time is over first. */
      readonly instanceId: string;
      /** How many of the cycle are in the last fifth of their time, or beyond it. */
      readonly instances: number;
      readonly deadline: number;
    })
  | {
      readonly kind: 'lease';
      readonly reservationId: string;
      readonly name: string;
      readonly purpose: string;
      readonly pools: readonly string[];
      readonly machines: number;
      readonly expiresAt: number;
      /** Others who wait for one of its pools. */
      readonly waiting: number;
    }
  | {
      readonly kind: 'environment';
      readonly environmentName: string;
      readonly clusters: number;
      readonly hostName: string | null;
      /** What the back end said; null where no worker that may drive it runs. */
      readonly error: string | null;
      readonly observedAt: number | null;
    }
  | {
      readonly kind: 'bad-machines';
      readonly pool: string;
      readonly machines: number;
      /** The first by its id. */
      readonly instanceId: string;
      readonly since: number;
    };

export interface ActiveCycleView extends OfCluster {
  readonly id: string;
  readonly state: CycleState;
  readonly progress: CycleProgress | null;
  readonly floor: number;
  readonly targetSize: number;
  readonly maxSize: number;
  readonly startedAt: number | null;
  /** When it would end if it took as long as its approved forecast says; null before it has begun. */
  readonly forecastEnd: number | null;
  /** In the order of time, a few dozen: of each stretch the lowest in service and the last. */
  readonly samples: readonly CapacityPoint[];
}

export interface EndedCycleView extends OfCluster {
  readonly id: string;
  readonly state: CycleState;
  readonly endedAt: number;
}

export interface OverviewPool {
  readonly name: string;
  readonly capacity: number;
  readonly parts: PoolParts;
  readonly paused: boolean;
  readonly waiting: number;
  readonly oldestWaitSince: number | null;
}
