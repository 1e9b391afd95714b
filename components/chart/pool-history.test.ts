import { expect, test } from 'vitest';
import type { PoolParts, PoolSampleView } from '../../server/contract/pool.ts';
import { POOL_PARTS } from '../../server/domain/pool/pool.ts';
import { describeHistory, historyCsv, poolLayers, sampleAfter } from './pool-history.ts';

const MINUTE = 60_000;

const one: PoolParts = {
  inUse: 1,
  reserved: 1,
  cleaning: 1,
  provisioning: 1,
  available: 1,
  leaving: 1,
  maintenance: 1,
  bad: 1,
};

function sample(minute: number, inUse: number, oldestWaitMs = 0): PoolSampleView {
  return { at: minute * MINUTE, parts: { ...one, inUse }, waiting: oldestWaitMs > 0 ? 2 : 0, oldestWaitMs };
}

test('the layers and what is free are the whole capacity, each machine once', () => {
  for (const part of POOL_PARTS) {
    const parts = { ...one, [part]: 5 };
    const drawn = poolLayers.reduce((sum, layer) => sum + layer.value(parts), 0);
    expect(drawn + parts.available).toBe(12);
  }
});

test('the layers are told apart without their colours, by pattern and by letter', () => {
  expect(new Set(poolLayers.map(({ pattern }) => pattern)).size).toBe(poolLayers.length);
  expect(new Set(poolLayers.map(({ letter }) => letter)).size).toBe(poolLayers.length);
});

test('the history is told by its busiest moment and its longest wait', () => {
  expect(describeHistory([sample(1, 2), sample(5, 4, 90_000), sample(9, 3, 720_000)], 'UTC')).toBe(
    'Most in use or reserved: 5 of 11 at 00:05. The longest wait: 12 min at 00:09, 2 in the queue.',
  );
  expect(describeHistory([sample(1, 2)], 'UTC')).toBe('Most in use or reserved: 3 of 9 at 00:01. Nobody waited.');
});

test('arrow keys step from sample to sample and stop at the ends', () => {
  const samples = [sample(1, 0), sample(5, 0), sample(9, 0)];
  expect(sampleAfter('ArrowLeft', null, samples)).toBe(5 * MINUTE);
  expect(sampleAfter('ArrowLeft', MINUTE, samples)).toBe(MINUTE);
  expect(sampleAfter('ArrowRight', 6 * MINUTE, samples)).toBe(9 * MINUTE);
  expect(sampleAfter('Home', 9 * MINUTE, samples)).toBe(MINUTE);
  expect(sampleAfter('Escape', MINUTE, samples)).toBeNull();
  expect(sampleAfter('x', MINUTE, samples)).toBeUndefined();
});

test('a row of the CSV has a value for each column', () => {
  const [head, row, end] = historyCsv([sample(1, 3)]).split('\n');
  expect(row?.split(',')).toHaveLength(head?.split(',').length ?? 0);
  expect(row).toBe('1970-01-01T00:01:00.000Z,3,1,2,3,1,10,0,0');
  expect(end).toBe('');
});
