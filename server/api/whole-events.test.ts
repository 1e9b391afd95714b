import { expect, test } from 'vitest';
import { wholeEvents } from './whole-events.ts';

async function piecesOf(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const pieces: string[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return pieces;
    pieces.push(new TextDecoder().decode(value));
  }
}

function streamOf(pieces: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
}

test('an event comes in one piece, however it was cut', async () => {
  const cut = ['data: 1\n', 'id: a\n', '\n\n', 'data: 2\n\n', ': comment', '\n\n'];
  expect(await piecesOf(wholeEvents(streamOf(cut)))).toEqual(['data: 1\nid: a\n\n\n', 'data: 2\n\n', ': comment\n\n']);
});

test('what is left at the end is not lost', async () => {
  expect(await piecesOf(wholeEvents(streamOf(['data: 1\n\n', 'data: 2'])))).toEqual(['data: 1\n\n', 'data: 2']);
});

test('an event is passed on before the next one comes, and cancelling reaches the source', async () => {
  let cancelled: unknown;
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
    cancel: (reason) => {
      cancelled = reason;
    },
  });
  const reader = wholeEvents(endless).getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 1\n\n');
  await reader.cancel('gone');
  expect(cancelled).toBe('gone');
});
