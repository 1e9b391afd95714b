import { expect, test } from 'vitest';
import { isEngineRequired, notRun } from './test-demand.ts';

const WHY = 'only root may start one';

test.each([
  ['true', true],
  ['1', true],
  ['', false],
  [undefined, false],
])('where CI is %j, that a run demands an engine is %s', (ci, demanded) => {
  expect(isEngineRequired(ci)).toBe(demanded);
});

test('where no engine can be run, a run that demands one fails and says why', () => {
  expect(() => notRun('the suite', WHY, true)).toThrow(`the suite needs a Docker engine: ${WHY}`);
});

test('any other run reports what it did not run, and why', () => {
  expect(notRun('the suite', WHY, false)).toBe(`NOT RUN: the suite. It needs a Docker engine: ${WHY}`);
});
