import { expect, test } from 'vitest';
import { type WatcherStep, watchers } from './testdata/vectors.ts';
import { type Follower, FollowerError, type WatchedEvent, Watcher } from './watcher.ts';

function errorOf(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof FollowerError) return error.message;
    throw error;
  }
}

/** What the recorder reads: the follower that the session had last, even when it was closed. */
class Recorder {
  readonly #watcher = new Watcher<number>();
  readonly #last = new Map<string, Follower<number>>();

  play(step: WatcherStep): unknown {
    switch (step.op) {
      case 'subscribe':
        return errorOf(() => this.#last.set(step.session, this.#watcher.subscribe(step.session)));
      case 'unsubscribe':
        return errorOf(() => this.#watcher.unsubscribe(step.session));
      case 'publish':
        return this.#watcher.publish(step.session, step.event);
      case 'receive': {
        const received = this.#last.get(step.session)?.receive() ?? { kind: 'no-channel' };
        return received.kind === 'event' ? received.event : received.kind;
      }
    }
  }
}

const recorded = (step: WatcherStep) =>
  step.op === 'receive' ? step.result : step.op === 'publish' ? undefined : step.error;

test('all 40 recorded cases: followers, their errors, and what they read are those of the reference', () => {
  const cases = watchers();
  expect(cases).toHaveLength(40);
  for (const { steps } of cases) {
    const recorder = new Recorder();
    expect(steps.map((step) => recorder.play(step))).toEqual(steps.map(recorded));
  }
});

async function allOf<Event>(follower: Follower<Event>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of follower) events.push(event);
  return events;
}

test('a follower that reads late gets all events in their order, and holds no other up', async () => {
  const watcher = new Watcher<number>();
  const slow = watcher.subscribe('slow');
  const quick = watcher.subscribe('quick');
  for (let event = 0; event < 1_000; event += 1) watcher.publish('slow', event);
  watcher.publish('quick', 1);
  expect(quick.receive()).toEqual({ kind: 'event', event: 1 });
  watcher.unsubscribe('slow');
  expect(await allOf(slow)).toEqual(Array.from({ length: 1_000 }, (_, event) => event));
});

test('a follower waits for its next event', async () => {
  const watcher = new Watcher<string>();
  const reader = watcher.subscribe('one')[Symbol.asyncIterator]();
  const next = reader.next();
  watcher.publish('one', 'late');
  expect(await next).toEqual({ value: 'late', done: false });
  const end = reader.next();
  watcher.unsubscribe('one');
  expect((await end).done).toBe(true);
});

/** Gives two events of a list at a time, then ends or breaks. */
class BrittleSource {
  readonly opened: (string | null)[] = [];
  readonly failures: (readonly [unknown, number])[] = [];
  readonly #events: readonly WatchedEvent<number>[];

  constructor(count: number) {
    this.#events = Array.from({ length: count }, (_, event) => ({ session: 's', event, cursor: String(event) }));
  }

  async *watch(after: string | null): AsyncGenerator<WatchedEvent<number>, void, undefined> {
    this.opened.push(after);
    const first = after === null ? 0 : Number(after) + 1;
    yield* this.#events.slice(first, first + 2);
    if (this.opened.length % 2 === 0) throw new Error('broken');
  }

  async reopen(error: unknown, failures: number): Promise<void> {
    this.failures.push([error instanceof Error ? error.message : error, failures]);
  }
}

test('a watch that ends or breaks is opened again where it stopped: every event comes once', async () => {
  const source = new BrittleSource(5);
  const watcher = new Watcher(source);
  const follower = watcher.subscribe('s');
  watcher.start();
  const read: number[] = [];
  for await (const event of follower) if (read.push(event) === 5) break;
  await watcher.stop();
  expect(read).toEqual([0, 1, 2, 3, 4]);
  expect(source.opened.slice(0, 3)).toEqual([null, '1', '3']);
  expect(source.failures.slice(0, 2)).toEqual([
    [null, 1],
    ['broken', 1],
  ]);
});

test('when it is stopped, followers read what came and end, and nothing comes any more', async () => {
  const watcher = new Watcher<number>();
  const follower = watcher.subscribe('s');
  watcher.publish('s', 1);
  await watcher.stop();
  watcher.publish('s', 2);
  expect(await allOf(follower)).toEqual([1]);
});
