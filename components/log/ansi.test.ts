import { expect, test } from 'vitest';
import { parseAnsi } from './ansi.ts';

const ESC = '\u001b';
const plain = { colour: null, bold: false, dim: false, underline: false };

test('a line without sequences is one span', () => {
  expect(parseAnsi('listening on :8080')).toEqual([{ text: 'listening on :8080', ...plain }]);
});

test('an empty line has no span', () => {
  expect(parseAnsi('')).toEqual([]);
  expect(parseAnsi(`${ESC}[0m`)).toEqual([]);
});

test('a colour holds until it is reset', () => {
  expect(parseAnsi(`${ESC}[31mERROR${ESC}[0m it broke`)).toEqual([
    { text: 'ERROR', ...plain, colour: 'red' },
    { text: ' it broke', ...plain },
  ]);
});

test('styles add up, and end one by one', () => {
  expect(parseAnsi(`${ESC}[1;92mok${ESC}[22m, ${ESC}[4mread${ESC}[24;39m on`)).toEqual([
    { text: 'ok', ...plain, bold: true, colour: 'green' },
    { text: ', ', ...plain, colour: 'green' },
    { text: 'read', ...plain, colour: 'green', underline: true },
    { text: ' on', ...plain },
  ]);
});

test('the numbers of a colour beyond the eight are not taken for styles', () => {
  expect(parseAnsi(`${ESC}[38;5;1mfive${ESC}[38;2;1;4;31mtwo${ESC}[48;5;4mground`)).toEqual([
    { text: 'five', ...plain },
    { text: 'two', ...plain },
    { text: 'ground', ...plain },
  ]);
});

test('what moves the cursor, names the window or rings the bell is left out', () => {
  const line = `${ESC}]0;title\u0007a${ESC}[2Kb${ESC}[?25lc\u0007d${ESC}(Be\r`;
  expect(
    parseAnsi(line)
      .map(({ text }) => text)
      .join(''),
  ).toBe('abcde');
});

test('a sequence that is cut off shows nothing that is no text', () => {
  expect(
    parseAnsi(`done ${ESC}[3`)
      .map(({ text }) => text)
      .join(''),
  ).toBe('done [3');
});
