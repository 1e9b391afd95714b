import { expect, test } from 'vitest';
import type { LiveEvent } from '../../server/contract/live.ts';
import type { OverviewView } from '../../server/contract/overview.ts';
import { applyToOverview } from './live-overview.ts';

const nothing = { items: [], total: 0 };
const view: OverviewView = {
  at: 1_000,
  numbers: {
    clusters: 1,
    outdatedClusters: 0,
    outdatedInstances: 0,
    runningCycles: 0,
    pausedCycles: 0,
    waitingCycles: 0,
    approvals: 0,
    waitingPlans: 0,
    pools: 0,
    fullPools: 0,
    waitingForMachines: 0,
  },
  needs: nothing,
  cycles: nothing,
  lastCycle: null,
  pools: nothing,
  activity: [],
  cursors: { cycles: '3', 'environment:e': '7' },
};
const event: LiveEvent = { stream: 'environment:e', seq: '8', kind: 'synced', body: {}, at: 5_000 };

test('a read that found all as it was makes the overview younger and asks for nothing', () => {
  expect(applyToOverview(view, event)).toEqual({ ...view, at: 5_000, cursors: { cycles: '3', 'environment:e': '8' } });
});

test('an event that was read late does not make the overview older', () => {
  expect(applyToOverview(view, { ...event, at: 10 })).toMatchObject({ at: 1_000 });
});

test('whatever has changed is asked for again', () => {
  expect(applyToOverview(view, { ...event, kind: 'changed' })).toBe('refetch');
});
