import { afterEach, expect, test, vi } from 'vitest';
import type { Cursors, LiveMessage } from '../../server/contract/live.ts';
import { frameOf } from '../../server/contract/live-frame.ts';
import { LiveConnection, type OpenStream } from './live-connection.ts';
import { type LiveSource, ownSource, sharedSource, type TabHandlers, type Want } from './live-tabs.ts';

type Handlers = Parameters<OpenStream>[1];

/** The locks of one browser: first come, first served, released when the callback's promise ends. */
class FakeLocks {
  readonly #queues = new Map<string, Promise<unknown>>();

  readonly request = ((name: string, { signal }: { signal: AbortSignal }, work: () => Promise<unknown>) => {
    const before = this.#queues.get(name) ?? Promise.resolve();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    const held = Promise.race([before.then(() => signal.throwIfAborted()), aborted]).then(work);
    this.#queues.set(name, Promise.all([before, held.catch(ignore)]).then(ignore));
    return held;
  }) as LockManager['request'];
}

function ignore(): void {}

/** The server as all tabs see it, and which streams are open. */
const open: { cursors: Cursors; handlers: Handlers; tab: string }[] = [];
const sources: LiveSource[] = [];
let locks = new FakeLocks();

interface Tab {
  want(want: Want): void;
  readonly source: LiveSource;
  readonly messages: LiveMessage[];
  readonly positions: Cursors[];
}

function makeTab(
  name: string,
  make: (connect: Parameters<typeof ownSource>[0], handlers: TabHandlers) => LiveSource,
): Tab {
  const messages: LiveMessage[] = [];
  const positions: Cursors[] = [];
  let own: Want = { cursors: {}, attention: 'seen' };
  const source = make(
    (handlers) =>
      new LiveConnection((cursors, streamHandlers) => {
        const stream = { cursors, handlers: streamHandlers, tab: name };
        open.push(stream);
        return () => open.splice(open.indexOf(stream), 1);
      }, handlers),
    {
      want: () => own,
      onMessage: (message) => messages.push(message),
      onPositions: (told) => positions.push(told),
      onStatus: () => undefined,
      onSignedOut: () => undefined,
    },
  );
  const want = (wanted: Want) => {
    own = wanted;
    source.wantChanged();
  };
  sources.push(source);
  return { source, want, messages, positions };
}

const sharing = (name: string) => makeTab(name, (connect, handlers) => sharedSource(connect, handlers, name, locks));

afterEach(async () => {
  for (const source of sources.splice(0)) source.close();
  await vi.waitFor(() => expect(open).toEqual([]));
  locks = new FakeLocks();
});

const event = (stream: string, seq: string): LiveMessage => ({
  type: 'events',
  events: [{ stream, seq, kind: 'changed', body: {}, at: 0 }],
});

test('any number of tabs have one stream, with what each of them wants', async () => {
  const [one, two, three] = [sharing('one'), sharing('two'), sharing('three')];
  one.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
  two.want({ cursors: { 'cycle:a': '3', 'cycle:b': '7' }, attention: 'seen' });
  three.want({ cursors: { plans: '1' }, attention: 'seen' });
  await vi.waitFor(() => expect(open[0]?.cursors).toEqual({ 'cycle:a': '3', 'cycle:b': '7', plans: '1' }));
  expect(open).toHaveLength(1);
  open[0]?.handlers.onFrame(frameOf(event('plans', '2')));
  await vi.waitFor(() => {
    for (const tab of [one, two, three]) expect(tab.messages).toEqual([event('plans', '2')]);
  });
});

test('a tab that comes later is told where the stream is, so that it knows what it has missed', async () => {
  const first = sharing('one');
  first.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
  await vi.waitFor(() => expect(open).toHaveLength(1));
  open[0]?.handlers.onFrame(frameOf(event('cycle:a', '9')));
  const late = sharing('two');
  late.want({ cursors: { 'cycle:a': '5' }, attention: 'seen' });
  await vi.waitFor(() => expect(late.positions.at(-1)).toEqual({ 'cycle:a': '9' }));
});

test('when the leading tab goes, another one goes on from where each tab is', async () => {
  const [one, two] = [sharing('one'), sharing('two')];
  one.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
  two.want({ cursors: { 'cycle:b': '7' }, attention: 'seen' });
  await vi.waitFor(() => expect(open[0]?.cursors).toEqual({ 'cycle:a': '3', 'cycle:b': '7' }));
  two.want({ cursors: { 'cycle:b': '8' }, attention: 'seen' });
  one.source.close();
  await vi.waitFor(() =>
    expect(open.map(({ tab, cursors }) => ({ tab, cursors }))).toEqual([{ tab: 'two', cursors: { 'cycle:b': '8' } }]),
  );
});

test('when another tab goes, what only it wanted is no longer read', async () => {
  const [one, two] = [sharing('one'), sharing('two')];
  one.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
  two.want({ cursors: { 'cycle:b': '7' }, attention: 'seen' });
  await vi.waitFor(() => expect(open[0]?.cursors).toEqual({ 'cycle:a': '3', 'cycle:b': '7' }));
  two.source.close();
  await vi.waitFor(() => expect(open[0]?.cursors).toEqual({ 'cycle:a': '3' }));
});

test('a hidden leader hands over to a tab that is seen', async () => {
  const [one, two] = [sharing('one'), sharing('two')];
  one.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
  two.want({ cursors: { 'cycle:a': '3' }, attention: 'hidden' });
  await vi.waitFor(() => expect(open[0]?.tab).toBe('one'));
  one.want({ cursors: { 'cycle:a': '3' }, attention: 'hidden' });
  two.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
  await vi.waitFor(() => expect(open.map(({ tab }) => tab)).toEqual(['two']));
});

test('the stream closes when every tab has been hidden for 30 seconds, and opens when one is seen again', () => {
  vi.useFakeTimers();
  try {
    const { source, want } = makeTab('one', ownSource);
    want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
    vi.advanceTimersByTime(100);
    want({ cursors: { 'cycle:a': '3' }, attention: 'hidden' });
    vi.advanceTimersByTime(29_000);
    expect(open).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(open).toHaveLength(0);
    want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
    vi.advanceTimersByTime(0);
    expect(open).toHaveLength(1);
    source.close();
  } finally {
    vi.useRealTimers();
  }
});

test('a tab that is paused takes nothing from the others, and hears all that it has missed when it goes on', async () => {
  const [one, two] = [sharing('one'), sharing('two')];
  one.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
  two.want({ cursors: { 'cycle:a': '3', 'cycle:b': '7' }, attention: 'seen' });
  await vi.waitFor(() => expect(open[0]?.cursors).toEqual({ 'cycle:a': '3', 'cycle:b': '7' }));
  one.want({ cursors: {}, attention: 'paused' });
  open[0]?.handlers.onFrame(frameOf(event('cycle:a', '4')));
  await vi.waitFor(() => expect(two.messages).toEqual([event('cycle:a', '4')]));
  one.want({ cursors: { 'cycle:a': '3', 'cycle:c': '5' }, attention: 'seen' });
  await vi.waitFor(() => expect(open[0]?.cursors).toEqual({ 'cycle:a': '4', 'cycle:b': '7', 'cycle:c': '5' }));
  await vi.waitFor(() => expect(one.positions.at(-1)).toMatchObject({ 'cycle:a': '4' }));
});

test('the stream closes at once when every tab is paused, and goes on from where each of them is', async () => {
  const [one, two] = [sharing('one'), sharing('two')];
  one.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
  two.want({ cursors: { 'cycle:b': '7' }, attention: 'seen' });
  await vi.waitFor(() => expect(open[0]?.cursors).toEqual({ 'cycle:a': '3', 'cycle:b': '7' }));
  one.want({ cursors: {}, attention: 'paused' });
  two.want({ cursors: {}, attention: 'paused' });
  await vi.waitFor(() => expect(open).toEqual([]));
  two.want({ cursors: { 'cycle:b': '8' }, attention: 'seen' });
  await vi.waitFor(() => expect(open.map(({ cursors }) => cursors)).toEqual([{ 'cycle:b': '8' }]));
});

test('tabs that are hidden share a stream that closes after 30 seconds, whichever of them leads', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const [one, two] = [sharing('one'), sharing('two')];
    one.want({ cursors: { 'cycle:a': '3' }, attention: 'hidden' });
    two.want({ cursors: { 'cycle:a': '3' }, attention: 'hidden' });
    await vi.advanceTimersByTimeAsync(29_000);
    expect(open).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(open).toEqual([]);
    two.want({ cursors: { 'cycle:a': '3' }, attention: 'seen' });
    await vi.waitFor(() => expect(open.map(({ tab }) => tab)).toEqual(['two']));
  } finally {
    vi.useRealTimers();
  }
});
