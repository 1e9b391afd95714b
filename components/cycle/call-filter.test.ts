import { expect, test } from 'vitest';
import { callMatches, stepOf } from './call-filter.ts';

const call = {
  id: '7f3a',
  operation: 'drainInstances',
  token: 'cyc_1/4/0',
  detail: 'i-1, i-2',
  at: 0,
  durationMs: 4,
  result: 'ok',
};
const broken = { ...call, operation: 'startInstances', detail: '2 in c', result: 'token bucket is empty' };

test.each([
  ['', true, true],
  ['drain', true, false],
  ['I-2 DRAIN', true, false],
  ['ok', true, false],
  ['failed', false, true],
  ['/4/ 7f3a', true, true],
  ['nothing', false, false],
])('“%s”', (words, first, second) => {
  expect([callMatches(call, words), callMatches(broken, words)]).toEqual([first, second]);
});

test('the step of a call is named as the steps are', () => {
  expect(stepOf('cyc_1/57/0')).toBe('57');
  expect(stepOf('cyc_1/settings/1795343258146')).toBe('settings');
});
