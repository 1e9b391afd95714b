import { expect, test } from 'vitest';
import { DomainError } from '../errors.ts';
import { type ConnectionStep, findingsOf } from './connection.ts';

const never = new AbortController().signal;
const step = (what: string, attempt: () => string | null, isGround = false): ConnectionStep => ({
  what,
  isGround,
  attempt: async () => attempt(),
});
const refused = (message: string) => () => {
  throw new DomainError('ENVIRONMENT_REFUSED', { environment: 'e', operation: 'list', message });
};

test('everything that is missing is found at once, in the words of the back end', async () => {
  const found = await findingsOf(
    [
      step('version', () => '1.41', true),
      step('list', refused('no right to list')),
      step('images', refused('no images')),
    ],
    never,
  );
  expect(found).toEqual([
    { what: 'version', problem: null, detail: '1.41' },
    { what: 'list', problem: 'no right to list', detail: null },
    { what: 'images', problem: 'no images', detail: null },
  ]);
});

test('what rests on what is missing is not tried', async () => {
  const found = await findingsOf([step('answers', refused('nobody there'), true), step('list', () => 'never')], never);
  expect(found).toEqual([{ what: 'answers', problem: 'nobody there', detail: null }]);
});

test('a test that is given up finds nothing', async () => {
  const end = new AbortController();
  const steps = [
    step('answers', () => {
      end.abort(new Error('given up'));
      throw new Error('cut off');
    }),
  ];
  await expect(findingsOf(steps, end.signal)).rejects.toThrow('given up');
});
