import { expect, test } from 'vitest';
import type { Json } from '../../server/domain/instance/plugin.ts';
import { formatFigure, readLoadResults } from './load-results.ts';

const summary = { throughput: 812.4, requests: 8_124, errors: 0, p50Ms: 1.2, p90Ms: 2, p99Ms: 9.1, maxMs: 30 };

test('the results of the bundled load test are recognised', () => {
  const timeline = [{ second: 0, throughput: 800, requests: 800, errors: 0, p50Ms: 1, p99Ms: 9 }];
  expect(readLoadResults({ summary, clients: [], timeline })).toMatchObject({ summary, timeline: [{ second: 0 }] });
});

const others: readonly Json[] = [
  null,
  {},
  [],
  'fine',
  { summary: { throughput: 'fast' } },
  { summary: { ...summary, p99Ms: null }, clients: [], timeline: [] },
];

test.each(others)('%j is something else', (results) => {
  expect(readLoadResults(results)).toBeNull();
});

test('a figure has as much as can be told apart', () => {
  expect([418_210, 12.34, 0.314, 3, 99.96].map(formatFigure)).toEqual(['418,210', '12.3', '0.31', '3', '100.0']);
});
