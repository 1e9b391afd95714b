import { expect, test } from 'vitest';
import { linesOf, member, numberOrText, parseObject, variablesOf, withMember } from './spec-text.ts';

test('a value deep within is read and replaced; all else stays', () => {
  const spec = { version: '1', jobs: { atOnce: 2 } };
  expect(member(spec, ['jobs', 'atOnce'])).toBe(2);
  expect(member(spec, ['jobs', 'durationMs'])).toBe(null);
  expect(member(spec, ['probe', 'port'])).toBe(null);
  expect(withMember(spec, ['jobs', 'atOnce'], 3)).toEqual({ version: '1', jobs: { atOnce: 3 } });
  expect(withMember(spec, ['probe', 'port'], 80)).toEqual({ ...spec, probe: { port: 80 } });
});

test('only an object is a spec with fields', () => {
  expect(parseObject('{"a":1}')).toEqual({ a: 1 });
  expect(['[1]', '1', 'null', '{'].map(parseObject)).toEqual([null, null, null, null]);
});

test('lists and variables are lines', () => {
  expect(linesOf(['node', 'server.js'])).toBe('node\nserver.js');
  expect(linesOf({ A: '1', B: 'x=y' })).toBe('A=1\nB=x=y');
  expect(variablesOf(' A=1\nB=x=y\nC\n\nD=')).toEqual({ A: '1', B: 'x=y', D: '' });
});

test('what is no number is kept as typed', () => {
  expect(numberOrText('12')).toBe(12);
  expect(numberOrText('1x')).toBe('1x');
  expect(numberOrText('')).toBe('');
});
