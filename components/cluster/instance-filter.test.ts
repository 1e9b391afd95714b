import { expect, test } from 'vitest';
import type { InstanceView } from '@/server/contract/cluster.ts';
import { filterInstances, shortIds } from './instance-filter.ts';

const NOW = 1_000_000_000;
const DAY = 86_400_000;

const instance = (id: string, change: Partial<InstanceView> = {}): InstanceView => ({
  id,
  state: 'started',
  stateSince: NOW - DAY,
  config: 'c1',
  version: 1,
  outdated: false,
  createdAt: null,
  updatedAt: null,
  health: null,
  healthySince: null,
  zone: null,
  protection: null,
  closed: false,
  workloads: [],
  token: null,
  seenAt: NOW,
  ...change,
});

const fleet = [
  instance('web-1', { outdated: true, version: 37, stateSince: NOW - 11 * DAY, zone: 'zone-a' }),
  instance('web-2', { state: 'draining', workloads: [{ name: 'api', since: null }] }),
  instance('Web-3', { health: 'unhealthy', protection: 'protected', version: 38 }),
];

test.each([
  ['', ['web-1', 'web-2', 'Web-3']],
  ['web-3', ['Web-3']],
  ['state:draining', ['web-2']],
  ['flag:outdated age:>10d', ['web-1']],
  ['age:<36h', ['web-2', 'Web-3']],
  ['version:37', ['web-1']],
  ['zone:a', ['web-1']],
  ['flag:protected flag:unhealthy', ['Web-3']],
  ['flag:busy', ['web-2']],
  ['flag:nonsense', []],
  ['age:>many', []],
])('%s', (filter, ids) => {
  expect(filterInstances(fleet, filter, NOW).map((one) => one.id)).toEqual(ids);
});

test('short ids leave out what all have in common', () => {
  expect([...shortIds(['i-0c41e7a2', 'i-07b9d310']).values()]).toEqual(['0c41', '07b9']);
  expect([...shortIds(['sim_web_000123', 'sim_web_000124']).values()]).toEqual(['0123', '0124']);
  expect([...shortIds(['i-0c41e7a2']).values()]).toEqual(['0c41']);
  expect([...shortIds(['a', 'b']).values()]).toEqual(['a', 'b']);
});
