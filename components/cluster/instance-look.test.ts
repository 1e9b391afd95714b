import { expect, test } from 'vitest';
import { capacityLayers } from '@/components/chart/capacity-layers';
import { kindPatterns } from '@/components/chart/swimlane-looks';
import { instanceKinds, instanceLook } from '@/components/cluster/instance-look';

test('each kind has a letter of its own, so that no two differ by colour alone', () => {
  expect(new Set(instanceKinds.map((kind) => instanceLook[kind].letter)).size).toBe(instanceKinds.length);
  expect(new Set(capacityLayers.map(({ letter }) => letter)).size).toBe(capacityLayers.length);
});

test('in pictures only what serves and what is empty have no pattern', () => {
  expect(instanceKinds.filter((kind) => kindPatterns[kind] === undefined)).toEqual(['startedNew', 'drained']);
  const patterns = capacityLayers.map(({ pattern }) => pattern).filter((pattern) => pattern !== null);
  expect(new Set(patterns).size).toBe(patterns.length);
  expect(capacityLayers.filter(({ pattern }) => pattern === null).map(({ name }) => name)).toEqual(['new']);
});
