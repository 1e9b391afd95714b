const NEWLINE = 10;

/**
 * The same stream of events, each in one piece. The transport hands out an event line by line; every piece costs a write
 * to the socket of every reader.
 */
export function wholeEvents(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      const pieces: Uint8Array[] = [];
      for (;;) {
        const { done, value } = await reader.read();
        if (value !== undefined) pieces.push(value);
        if (!done && !endsEvent(value)) continue;
        if (pieces.length > 0) controller.enqueue(joined(pieces));
        if (done) controller.close();
        return;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** An event ends with an empty line. */
function endsEvent(piece: Uint8Array): boolean {
  return piece.at(-1) === NEWLINE && piece.at(-2) === NEWLINE;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
