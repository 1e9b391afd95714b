import { expect, test } from 'vitest';
import { emphasised } from '@/components/plan/emphasised';

const bold = (sentence: string) => emphasised(sentence).flatMap((part) => (part.bold ? [part.text] : []));

test('the numbers that decide are bold, those in brackets are not', () => {
  const sentence =
    'Replace 9 of 12 instances in 4 waves of 2. In service never below 11 (floor 10). About 1 h 22 min (p50), 2 h (p90, from 14 observed times).';
  expect(bold(sentence)).toEqual(['9 of 12', '11', '1 h 22 min']);
});

test.each(['Scale in 3. In service never below 8 (floor 8).', 'Start 2.', 'Nothing to do.', ''])(
  '"%s" keeps its words',
  (sentence) => {
    expect(
      emphasised(sentence)
        .map(({ text }) => text)
        .join(''),
    ).toBe(sentence);
  },
);
