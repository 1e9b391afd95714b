import { expect, test } from 'vitest';
import { nextPath } from './path-header.ts';

test.each([
  ['/cycles/c1?view=log', '/cycles/c1?view=log'],
  [undefined, '/'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?next=/sign-in', '/'],
])('after a sign-in with next %s one goes to %s', (next, path) => {
  expect(nextPath(next)).toBe(path);
});
