import type { ActivityView } from '../contract/activity.ts';
import type { Bounded, NeedView, OverviewNumbers, OverviewPool, OverviewView } from '../contract/overview.ts';
import { hasRole, type Viewer } from '../contract/people.ts';

type PoolNumbers = 'pools' | 'fullPools' | 'waitingForMachines';
type PlanNumbers = 'approvals' | 'waitingPlans';

export interface OverviewQueries {
  cursors(): Promise<OverviewView['cursors']>;
  numbers(): Promise<Omit<OverviewNumbers, PoolNumbers | PlanNumbers>>;
  /** `approver` null: who asks may approve nothing. Plans are counted that have neither expired nor been decided. */
  approvals(approverId: string | null): Promise<Bounded<NeedView> & { readonly waitingPlans: number }>;
  pausedCycles(): Promise<Bounded<NeedView>>;
  drains(): Promise<Bounded<NeedView>>;
  /** Those of this person that are in the last fifth of their time. */
  leases(holderId: string): Promise<Bounded<NeedView>>;
  unreadable(): Promise<Bounded<NeedView>>;
  cycles(): Promise<OverviewView['cycles']>;
  lastCycle(): Promise<OverviewView['lastCycle']>;
  /** All of them, in no order, and what is bad in them. */
  pools(): Promise<{ readonly pools: readonly OverviewPool[]; readonly badMachines: Bounded<NeedView> }>;
  /** Reservations that have no machines yet. */
  waitingForMachines(): Promise<number>;
}

interface OverviewPorts {
  readonly queries: OverviewQueries;
  readonly recentActivity: (limit: number) => Promise<readonly ActivityView[]>;
  readonly clock: () => number;
}

const NEEDS_SHOWN = 12;
const POOLS_SHOWN = 8;
const ACTIVITY_SHOWN = 20;

export class OverviewService {
  readonly #ports: OverviewPorts;

  constructor(ports: OverviewPorts) {
    this.#ports = ports;
  }

  async read(viewer: Viewer): Promise<OverviewView> {
    const { queries, recentActivity, clock } = this.#ports;
    const at = clock();
    // Read before the facts that they go with, so that no change falls between the two.
    const cursors = await queries.cursors();
    const approverId = hasRole(viewer.role, 'operator') ? viewer.id : null;
    const [numbers, approvals, cycles, lastCycle, ofPools, waitingForMachines, activity, ...others] = await Promise.all(
      [
        queries.numbers(),
        queries.approvals(approverId),
        queries.cycles(),
        queries.lastCycle(),
        queries.pools(),
        queries.waitingForMachines(),
        recentActivity(ACTIVITY_SHOWN),
        queries.pausedCycles(),
        queries.drains(),
        queries.leases(viewer.id),
        queries.unreadable(),
      ],
    );
    const { pools, badMachines } = ofPools;
    const needs = [approvals, ...others, badMachines];
    return {
      at,
      numbers: {
        ...numbers,
        approvals: approvals.total,
        waitingPlans: approvals.waitingPlans,
        pools: pools.length,
        fullPools: pools.filter(({ capacity, parts }) => capacity > 0 && parts.available === 0).length,
        waitingForMachines,
      },
      needs: {
        items: byUrgency(needs.flatMap(({ items }) => items)).slice(0, NEEDS_SHOWN),
        total: needs.reduce((sum, { total }) => sum + total, 0),
      },
      cycles,
      lastCycle,
      pools: { items: byQueue(pools).slice(0, POOLS_SHOWN), total: pools.length },
      activity,
      cursors,
    };
  }
}

/**
 * What stands still by itself comes first, then what has a deadline, the nearest first, then what somebody knows of or
 * what may wait.
 */
export function byUrgency(needs: readonly NeedView[]): NeedView[] {
  return needs.toSorted((a, b) => {
    const [first, second] = [urgencyOf(a), urgencyOf(b)];
    return first.rank - second.rank || first.at - second.at;
  });
}

function urgencyOf(need: NeedView): { readonly rank: number; readonly at: number } {
  switch (need.kind) {
    case 'paused-cycle':
      return { rank: need.byPerson ? 2 : 0, at: need.since ?? 0 };
    case 'environment':
      return { rank: 0, at: need.observedAt ?? 0 };
    case 'approval':
    case 'lease':
      return { rank: 1, at: need.expiresAt };
    case 'drain':
      return { rank: 1, at: need.deadline };
    case 'bad-machines':
      return { rank: 2, at: need.since };
  }
}

function byQueue(pools: readonly OverviewPool[]): OverviewPool[] {
  return pools.toSorted(
    (a, b) =>
      b.waiting - a.waiting ||
      a.parts.available - b.parts.available ||
      b.capacity - a.capacity ||
      (a.name < b.name ? -1 : 1),
  );
}
