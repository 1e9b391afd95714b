import { expect, test } from 'vitest';
import { placeSentence } from './place-sentence.ts';

test.each([
  [{ places: 2, taken: 2, ahead: 1 }, 'Waits for a place: 2 of 2 cycles of demo are active; 1 ahead.'],
  [{ places: 1, taken: 1, ahead: 0 }, 'Waits for a place: 1 of 1 cycle of demo is active; it is next.'],
  [{ places: 1, taken: 3, ahead: 0 }, 'Waits for a place: 3 cycles of demo are active and 1 may be; it is next.'],
  [null, 'Waits for a worker to take it up.'],
])('%j: %s', (waitsForPlace, sentence) => {
  expect(placeSentence({ waitsForPlace, environmentName: 'demo' })).toBe(sentence);
});
