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
  const sections = cycleSections({ state, q: 'web', env: 'prod' });
  expect([sections.waiting, sections.active?.state, sections.ended?.state]).toEqual([waiting, active, ended]);
  const asked = sections.active ?? sections.ended ?? { q: 'web', environment: 'prod' };
  expect([asked.q, asked.environment]).toEqual(['web', 'prod']);
});
