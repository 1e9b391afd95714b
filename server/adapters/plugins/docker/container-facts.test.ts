import { describe, expect, test } from 'vitest';
import { type Container, containerSchema, drainName, drainOrderOf, factsOf } from './container-facts.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const at = (agoMs: number) => new Date(NOW - agoMs).toISOString();
const circumstances = { now: NOW, minHealthyMs: 10_000, deadline: NOW - 1, seenHealthySince: null, workloads: [] };
const NEVER = '0001-01-01T00:00:00Z';

function container(status: string, changes: { name?: string; startedAgoMs?: number; health?: object } = {}): Container {
  const { name = 'rh-1', startedAgoMs, health } = changes;
  return containerSchema.parse({
    Id: 'c1',
    Name: `/${name}`,
    Created: at(60_000),
    Config: { Labels: {} },
    State: {
      Status: status,
      StartedAt: startedAgoMs === undefined ? NEVER : at(startedAgoMs),
      ...(health && { Health: health }),
    },
  });
}

const draining = drainName('rh-1', { orderedAt: NOW - 5_000, told: true });
const checks = (...exitCodes: readonly number[]) =>
  exitCodes.map((ExitCode, index) => ({ End: at((exitCodes.length - index) * 1_000), ExitCode }));

describe('the state of a container', () => {
  test.each([
    ['created', {}, 'started', 'unhealthy'],
    ['running', { startedAgoMs: 9_999 }, 'starting', 'unknown'],
    ['running', { startedAgoMs: 10_000 }, 'started', 'healthy'],
    ['running', { startedAgoMs: 1, health: { Status: 'none', Log: null } }, 'starting', 'unknown'],
    ['running', { startedAgoMs: 60_000, health: { Status: 'starting', Log: [] } }, 'starting', 'unknown'],
    ['running', { startedAgoMs: 1, health: { Status: 'healthy', Log: checks(0) } }, 'started', 'healthy'],
    ['running', { startedAgoMs: 60_000, health: { Status: 'unhealthy', Log: checks(1) } }, 'started', 'unhealthy'],
    ['running', { startedAgoMs: 60_000, name: draining }, 'draining', 'healthy'],
    ['paused', { startedAgoMs: 60_000 }, 'started', 'unhealthy'],
    ['restarting', { startedAgoMs: 60_000 }, 'started', 'unhealthy'],
    ['exited', { startedAgoMs: 60_000 }, 'started', 'unhealthy'],
    ['exited', { startedAgoMs: 60_000, name: draining }, 'drained', 'unknown'],
    ['created', { name: draining }, 'drained', 'unknown'],
    ['removing', {}, 'terminating', 'unknown'],
    ['dead', { name: draining }, 'terminating', 'unknown'],
  ])('%s %j is %s and %s', (status, changes, state, health) => {
    expect(factsOf(container(status, changes), circumstances)).toMatchObject({ state, health });
  });

  test('is not drained while a component runs on it', () => {
    const workloads = [{ name: 'driver-1 of nightly', since: NOW }];
    const facts = factsOf(container('exited', { startedAgoMs: 60_000, name: draining }), {
      ...circumstances,
      workloads,
    });
    expect(facts).toMatchObject({ state: 'draining', workloads });
  });

  test('is starting while its maker may still start it', () => {
    const facts = factsOf(container('created'), { ...circumstances, deadline: NOW + 1 });
    expect(facts).toMatchObject({ state: 'starting', health: 'unknown' });
  });

  test('is draining from the order on, even if nobody knows whether SIGTERM was sent', () => {
    const name = drainName('rh-1', { orderedAt: NOW - 5_000, told: false });
    const facts = factsOf(container('running', { startedAgoMs: 60_000, name }), circumstances);
    expect(facts).toMatchObject({ state: 'draining', drainingSince: NOW - 5_000 });
  });
});

describe('healthy since', () => {
  const healthy = (...exitCodes: readonly number[]) =>
    container('running', { startedAgoMs: 60_000, health: { Status: 'healthy', Log: checks(...exitCodes) } });

  test('is the first check that passed without a failure after it', () => {
    expect(factsOf(healthy(1, 0, 1, 0, 0), circumstances).healthySince).toBe(NOW - 2_000);
  });

  test('is as early as it was ever seen, where all that the engine kept has passed', () => {
    const seen = { ...circumstances, seenHealthySince: NOW - 30_000 };
    expect(factsOf(healthy(0, 0, 0, 0, 0), seen).healthySince).toBe(NOW - 30_000);
    expect(factsOf(healthy(0, 0, 0, 0, 0), circumstances).healthySince).toBe(NOW - 5_000);
  });

  test('is now where the last check failed and the engine does not mind yet', () => {
    expect(factsOf(healthy(0, 0, 1), circumstances).healthySince).toBe(NOW);
  });

  test('is the start where there are no checks', () => {
    expect(factsOf(container('running', { startedAgoMs: 60_000 }), circumstances).healthySince).toBe(NOW - 60_000);
  });
});

test('the order to drain is read back from the name, and no other name is one', () => {
  const order = { orderedAt: NOW, told: false };
  expect(drainOrderOf(drainName('rh-1', order))).toEqual(order);
  expect(drainOrderOf(`/${draining}`)).toEqual({ orderedAt: NOW - 5_000, told: true });
  for (const name of ['/rh-1', '/rh-1.ended', '/rh-1.draining', '/rh-1.drain.soon']) {
    expect(drainOrderOf(name)).toBeNull();
  }
});
