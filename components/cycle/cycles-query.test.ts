import { expect, test } from 'vitest';
import { cycleSections } from './cycles-query.ts';

test.each([
  [null, true, 'active', 'ended'],
  ['waiting', true, undefined, undefined],
  ['active', false, 'active', undefined],
  ['paused', false, 'paused', undefined],
  ['ended', false, undefined, 'ended'],
  ['failed', false, undefined, 'failed'],
] as const)('%s', (state, waiting, active, ended) => {
  const sections = cycleSections({ state, q: 'web' });
  expect([sections.waiting, sections.active?.state, sections.ended?.state]).toEqual([waiting, active, ended]);
  expect(sections.active?.q ?? 'web').toBe('web');
});
