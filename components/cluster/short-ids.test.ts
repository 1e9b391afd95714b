import { expect, test } from 'vitest';
import { shortIds } from './short-ids.ts';

test('short ids leave out what all have in common', () => {
  expect([...shortIds(['i-0c41e7a2', 'i-07b9d310']).values()]).toEqual(['0c41', '07b9']);
  expect([...shortIds(['sim_web_000123', 'sim_web_000124']).values()]).toEqual(['0123', '0124']);
  expect([...shortIds(['i-0c41e7a2']).values()]).toEqual(['0c41']);
  expect([...shortIds(['a', 'b']).values()]).toEqual(['a', 'b']);
});
