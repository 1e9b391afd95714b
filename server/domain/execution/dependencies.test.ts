import { describe, expect, test } from 'vitest';
import { Dependencies, restricted } from './dependencies.ts';
import type { WorkloadSpec } from './execution.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function dependencies(values: Record<string, string>): Dependencies {
  const manager = new Dependencies();
  manager.add(new Map(Object.entries(values).map(([name, value]) => [name, bytes(value)])));
  return manager;
}

describe('a manager', () => {
  test('gives what was added last, until it is removed', async () => {
    const manager = dependencies({ token: 'old', other: 'o' });
    manager.add(new Map([['token', bytes('new')]]));
    expect(await manager.get('token')).toEqual(bytes('new'));
    manager.remove(['token', 'never added']);
    expect(await manager.get('token')).toBeNull();
    expect(await manager.get('other')).toEqual(bytes('o'));
  });

  test('forgets all at a reset, but what the reset brings', async () => {
    const manager = dependencies({ token: 't', other: 'o' });
    manager.reset(new Map([['other', bytes('n')]]));
    expect([await manager.get('token'), await manager.get('other')]).toEqual([null, bytes('n')]);
  });

  test('keeps its values though those who gave or got them change theirs', async () => {
    const given = bytes('secret');
    const manager = new Dependencies();
    manager.add(new Map([['token', given]]));
    given.fill(0);
    (await manager.get('token'))?.fill(0);
    expect(await manager.get('token')).toEqual(bytes('secret'));
  });
});

describe('an execution sees', () => {
  const workload: WorkloadSpec = {
    image: null,
    command: ['a'],
    env: {},
    ports: [],
    probe: null,
    secrets: ['token', 'missing'],
    configs: ['settings'],
  };
  const manager = dependencies({ token: 't', settings: 's', other: 'o' });

  test('what its workload names, and nothing else', async () => {
    const secrets = restricted(manager, { workload }, 'secrets');
    expect(await secrets.get('token')).toEqual(bytes('t'));
    expect([await secrets.get('other'), await secrets.get('missing')]).toEqual([null, null]);
  });

  test('no secret that it names as a config', async () => {
    expect(await restricted(manager, { workload }, 'secrets').get('settings')).toBeNull();
    expect(await restricted(manager, { workload }, 'configs').get('settings')).toEqual(bytes('s'));
  });

  test('a value that was added after it was asked for', async () => {
    const later = new Dependencies();
    const secrets = restricted(later, { workload }, 'secrets');
    expect(await secrets.get('token')).toBeNull();
    later.add(new Map([['token', bytes('t')]]));
    expect(await secrets.get('token')).toEqual(bytes('t'));
  });
});
