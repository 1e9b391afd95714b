import { expect, test } from 'vitest';
import type { Call, Environment } from '../../domain/cycle/environment.ts';
import { DomainError } from '../../domain/errors.ts';
import { FakeEnvironment } from './fake-environment.ts';
import { type ObservedCall, observed } from './observed.ts';

const never = new AbortController().signal;
const call: Call = { token: 'cycle/1/1', deadline: 0, signal: never };

test('every call is recorded when it has ended, with its token, duration and result', async () => {
  let now = 100;
  const calls: ObservedCall[] = [];
  const behind = new FakeEnvironment();
  const environment = observed(
    behind,
    (ended) => calls.push(ended),
    () => now,
  );

  const read = environment.describeCluster('c', never);
  expect(calls).toEqual([]);
  now = 130;
  behind.reads[0]?.answer({ id: 'c', name: 'n', config: 'v', minSize: 0, maxSize: 1, instances: [] });
  await read;
  await environment.lookupClusterId('web', never);
  await environment.startInstances('c', 2, call);
  await environment.drainInstances(['i', 'j'], call);
  await environment.undrainInstances?.(['i'], call);
  behind.failure = new Error('no such instance');
  await expect(environment.terminateInstances(['i'], call)).rejects.toBe(behind.failure);
  await expect(environment.waitInstances('drained', ['i'], never)).rejects.toBe(behind.failure);

  const rest = { at: 130, durationMs: 0, result: 'ok', isThrottled: false, requestId: expect.any(String) };
  const token = 'cycle/1/1';
  expect(calls).toEqual([
    { ...rest, operation: 'describeCluster', token: null, detail: 'c', at: 100, durationMs: 30 },
    { ...rest, operation: 'lookupClusterId', token: null, detail: 'web' },
    { ...rest, operation: 'startInstances', token, detail: '2 in c' },
    { ...rest, operation: 'drainInstances', token, detail: 'i, j' },
    { ...rest, operation: 'undrainInstances', token, detail: 'i' },
    { ...rest, operation: 'terminateInstances', token, detail: 'i', result: 'no such instance' },
    { ...rest, operation: 'waitInstances', token: null, detail: 'drained: i', result: 'no such instance' },
  ]);
  expect(new Set(calls.map(({ requestId }) => requestId)).size).toBe(7);
});

test('a call that came too often is told from one that failed', async () => {
  const calls: ObservedCall[] = [];
  const behind = new FakeEnvironment();
  const environment = observed(
    behind,
    (ended) => calls.push(ended),
    () => 0,
  );
  behind.failure = new DomainError('ENVIRONMENT_THROTTLED', { environment: 'e', operation: 'o', retryAfterMs: 1 });
  await expect(environment.drainInstances(['i'], call)).rejects.toBe(behind.failure);
  behind.failure = new Error('no such instance');
  await expect(environment.drainInstances(['i'], call)).rejects.toBe(behind.failure);
  expect(calls.map(({ isThrottled }) => isThrottled)).toEqual([true, false]);
});

test('what a back end tells by itself is heard, and is no call, where it does', async () => {
  const unexpected = () => expect.unreachable('no call was made');
  let heard = 0;
  const follow = async (hear: () => void) => hear();
  const behind: Environment = Object.assign(new FakeEnvironment(), { follow });
  await observed(behind, unexpected, () => 0).follow?.(() => {
    heard += 1;
  }, never);
  expect(heard).toBe(1);
  expect(observed(new FakeEnvironment(), unexpected, () => 0).follow).toBeUndefined();
});

test('what a back end says of a spec is a read, told without the spec, where it says any', async () => {
  const calls: ObservedCall[] = [];
  const pinnedSpec = async () => ({ image: 'web:2@sha256:1' });
  const behind: Environment = Object.assign(new FakeEnvironment(), { pinnedSpec });
  const record = (ended: ObservedCall) => calls.push(ended);
  const spec = { image: 'web:2', env: { TOKEN: 'squeamish' } };
  expect(await observed(behind, record, () => 0).pinnedSpec?.(spec, never)).toEqual({ image: 'web:2@sha256:1' });
  expect(calls).toMatchObject([{ operation: 'pinnedSpec', token: null, result: 'ok' }]);
  expect(JSON.stringify(calls)).not.toContain('squeamish');
  expect(observed(new FakeEnvironment(), record, () => 0).pinnedSpec).toBeUndefined();
});

test('a read that its reader gave up is no failure of the back end; an order is told all the same', async () => {
  const calls: ObservedCall[] = [];
  const behind = new FakeEnvironment();
  const environment = observed(
    behind,
    (ended) => calls.push(ended),
    () => 0,
  );
  behind.failure = new DomainError('LEASE_LOST', { name: 'environment:e' });
  await expect(environment.waitInstances('drained', ['i'], never)).rejects.toBe(behind.failure);
  await expect(environment.drainInstances(['i'], call)).rejects.toBe(behind.failure);
  expect(calls.map(({ operation }) => operation)).toEqual(['drainInstances']);
});
