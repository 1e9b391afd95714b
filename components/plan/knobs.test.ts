import { expect, test } from 'vitest';
import {
  drainTimeoutRules,
  knobKeys,
  rawKnob,
  readKnobs,
  shownKnob,
  shownKnobs,
  storedKnobs,
  withKnobs,
} from '@/components/plan/knobs';
import { knobsSchema } from '@/server/contract/policy';
import type { Knobs } from '@/server/domain/approval/plan';

const everything: Required<Knobs> = {
  minSize: 8,
  targetSize: 10,
  maxSize: 12,
  drainTimeoutMs: 900_000,
  policy: {
    batch: 2,
    surge: 0,
    maxUnavailable: 1,
    onDrainTimeout: 'skip',
    canary: 1,
    bakeMs: 300_000,
    minHealthyMs: 30_000,
    protect: 'wait',
    order: ['oldest', 'zones'],
  },
};

test('an address without knobs asks for what is stored', () => {
  expect(readKnobs(storedKnobs)).toEqual({ knobs: {}, errors: {} });
});

test('every knob comes back from the address as it was asked for', () => {
  const raw = withKnobs(storedKnobs, everything);
  expect(knobKeys.filter((key) => raw[key] === null)).toEqual([]);
  expect(readKnobs(raw)).toEqual({ knobs: everything, errors: {} });
});

test('durations stand in seconds in the address and in words in their field', () => {
  expect(withKnobs(storedKnobs, everything)).toMatchObject({ drain: '900', bake: '300', health: '30' });
  expect(shownKnob('drain', '900')).toBe('15 min');
});

test('an order of no rule is the order of the cluster', () => {
  const raw = withKnobs(storedKnobs, { policy: { order: [] } });
  expect(raw.order).toBe('cluster');
  expect(readKnobs(raw).knobs).toEqual({ policy: { order: [] } });
});

test('what cannot be read is kept as it is and said beside its own field', () => {
  const raw = { ...storedKnobs, min: 'eight', batch: '0', drain: 'soon', protect: 'never', max: '12' };
  const { knobs, errors } = readKnobs(raw);
  expect(Object.keys(errors).sort()).toEqual(['batch', 'drain', 'min', 'protect']);
  expect(knobs).toEqual({ maxSize: 12 });
  expect(shownKnob('min', 'eight')).toBe('eight');
});

test('whatever can be read is what a preview may be asked', () => {
  for (const text of ['0', '1', '100000', '100001', '-1', '1.5', '7 d', '8 d', '1e3', 'pause', 'oldest,oldest', '']) {
    for (const key of knobKeys) {
      const { knobs, errors } = readKnobs({ ...storedKnobs, [key]: text });
      if (errors[key] === undefined) expect(knobsSchema.safeParse(knobs).success, `${key}=${text}`).toBe(true);
    }
  }
});

test('a fix changes its own knobs and leaves the others', () => {
  const raw = withKnobs({ ...storedKnobs, min: '4', canary: 'x' }, { maxSize: 5, policy: { surge: 1 } });
  expect(raw).toEqual({ ...storedKnobs, min: '4', canary: 'x', max: '5', surge: '1' });
});

test('typing what is stored leaves the address', () => {
  expect(rawKnob('drain', '900', '15 min')).toBeNull();
  expect(rawKnob('drain', '10 min', '15 min')).toBe('600');
  expect(rawKnob('drain', '10 mi', '15 min')).toBe('10 mi');
});

test('a policy that says nothing shows what the planner does then', () => {
  const shown = shownKnobs({ targetSize: 4, minSize: 3, maxSize: 5, drainTimeoutMs: 60_000 }, {});
  expect(shown).toMatchObject({
    min: '3',
    drain: '1 min',
    batch: '',
    timeout: 'force',
    protect: 'replace',
    order: 'cluster',
  });
});

test('a drain that takes too long is skipped only where it can be taken back', () => {
  expect(drainTimeoutRules('simulator')).toEqual(['pause', 'skip', 'force']);
  expect(drainTimeoutRules('docker')).toEqual(['pause', 'force']);
});
