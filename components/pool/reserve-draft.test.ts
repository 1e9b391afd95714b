import { expect, test } from 'vitest';
import { type ReserveDraft, readReserveDraft, wantsOf } from './reserve-draft.ts';

const draft: ReserveDraft = {
  wants: [
    { key: 1, pool: 'gpu', count: 2 },
    { key: 2, pool: 'workers', count: 1 },
    { key: 3, pool: 'gpu', count: 1 },
  ],
  purpose: ' kernel test ',
  forText: '1 h 30',
};

test('rows of one pool add up, in the order of the rows', () => {
  expect(readReserveDraft(draft)).toEqual({
    value: {
      wants: [
        { pool: 'gpu', count: 3 },
        { pool: 'workers', count: 1 },
      ],
      purpose: 'kernel test',
      forMs: 5_400_000,
      priority: 0,
    },
  });
});

test('what is missing is said beside its own field', () => {
  expect(readReserveDraft({ wants: [{ key: 1, pool: '', count: 1 }], purpose: '', forText: 'long' })).toEqual({
    errors: {
      wants: 'choose a pool and how many, 1 to 1000, in each row',
      purpose: 'say what for',
      forMs: 'a duration, such as 90 min or 2 h',
    },
  });
  expect(readReserveDraft({ ...draft, forText: '8 d' })).toMatchObject({ errors: { forMs: 'at most a week' } });
});

test.each([[null], [0], [1.5], [1_001]])('a count of %s asks for nothing', (count) => {
  expect(wantsOf([{ key: 1, pool: 'gpu', count }])).toBeNull();
});
