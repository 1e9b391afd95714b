import { expect, test } from 'vitest';
import { nextPath } from './path-header.ts';

test.each([
  ['/cycles/c1?view=log', '/cycles/c1?view=log'],
  [undefined, '/clusters'],
  ['https://evil.example/', '/clusters'],
  ['//evil.example/', '/clusters'],
  ['/\\evil.example/', '/clusters'],
  ['javascript:alert(1)', '/clusters'],
  ['/sign-in?next=/sign-in', '/clusters'],
])('after a sign-in with next %s one goes to %s', (next, path) => {
  expect(nextPath(next)).toBe(path);
});
