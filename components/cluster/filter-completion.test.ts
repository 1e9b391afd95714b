import { expect, test } from 'vitest';
import { completed, completionsAt } from './filter-completion.ts';

const at = (marked: string, known = {}) => {
  const caret = marked.indexOf('|');
  return { text: marked.replace('|', ''), offered: completionsAt(marked.replace('|', ''), caret, 'clusters', known) };
};
const texts = (marked: string, known = {}) => at(marked, known).offered.map(({ text }) => text);

test('an empty filter may begin with any key of its subject', () => {
  expect(texts('|')).toContain('state:');
  expect(texts('web |')).toContain('drift:');
  expect(completionsAt('', 0, 'instances', {}).map(({ text }) => text)).not.toContain('drift:');
});

test('a key is completed from its beginning, behind a hyphen too', () => {
  expect(texts('web st|')).toEqual(['state:', 'standby:']);
  expect(texts('-st|')).toEqual(['state:', 'standby:']);
  expect(texts('web|')).toEqual([]);
});

test('a value is completed from what is possible and from what is known', () => {
  expect(texts('state:dr|')).toEqual(['draining', 'drained']);
  expect(texts('env:|', { env: ['demo', 'big site'] })).toEqual(['demo', '"big site"']);
  expect(texts('label.team:p|', { 'label.team': ['payments', 'web'] })).toEqual(['payments']);
  expect(texts('state:draining|')).toEqual([]);
});

test.each([
  ['web st|', 'state:', 'web state:|'],
  ['-st| web', 'state:', '-state:| web'],
  ['state:dr|', 'draining', 'state:draining |'],
  ['state:dr| web', 'draining', 'state:draining |web'],
])('%s with %s is %s', (marked, choice, expected) => {
  const { text, offered } = at(marked);
  const chosen = offered.find((one) => one.text === choice);
  if (chosen === undefined) throw new Error(`${choice} is not offered`);
  const after = completed(text, chosen);
  expect(`${after.text.slice(0, after.caret)}|${after.text.slice(after.caret)}`).toBe(expected);
});
