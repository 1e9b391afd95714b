import { expect, test } from 'vitest';
import { historySegments } from './state-history.ts';

const turn = (state: string, at: number) => ({ state, health: null, config: 'c1', at });

test('each turn lasts until the next, the last until now', () => {
  expect(historySegments([turn('starting', 10), turn('started', 30), turn('draining', 90)])).toEqual([
    { state: 'starting', health: null, config: 'c1', from: 10, to: 30 },
    { state: 'started', health: null, config: 'c1', from: 30, to: 90 },
    { state: 'draining', health: null, config: 'c1', from: 90, to: null },
  ]);
});

test('a turn that lasted no time is left out', () => {
  expect(historySegments([turn('starting', 10), turn('started', 10)]).map((segment) => segment.state)).toEqual([
    'started',
  ]);
  expect(historySegments([])).toEqual([]);
});
