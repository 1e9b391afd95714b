import { expect, test } from 'vitest';
import { type ComponentHealthChange, healthStripe } from './health-stripe.ts';
import type { ComponentHealth } from './session.ts';

const change = (executionId: string, at: number, health: ComponentHealth): ComponentHealthChange => ({
  executionId,
  at,
  health,
});

test('the worst of the components counts, at each time', () => {
  const changes = [
    change('server', 0, 'unknown'),
    change('server', 10, 'ready'),
    change('client', 20, 'ready'),
    change('client', 25, 'not-ready'),
    change('client', 30, 'ready'),
    change('server', 40, 'failed'),
  ];
  expect(healthStripe(changes, null)).toEqual([
    { health: 'ready', from: 10, to: 25 },
    { health: 'not-ready', from: 25, to: 30 },
    { health: 'ready', from: 30, to: 40 },
    { health: 'failed', from: 40, to: null },
  ]);
});

test('a change that makes nothing worse or better is no new span', () => {
  const changes = [change('server', 0, 'failed'), change('client', 5, 'ready'), change('client', 9, 'not-ready')];
  expect(healthStripe(changes, null)).toEqual([{ health: 'failed', from: 0, to: null }]);
});

test('changes of one moment are one, and what lasted no time is left out', () => {
  const changes = [
    change('server', 0, 'ready'),
    change('server', 10, 'not-ready'),
    change('server', 10, 'ready'),
    change('server', 20, 'failed'),
  ];
  expect(healthStripe(changes, null)).toEqual([
    { health: 'ready', from: 0, to: 20 },
    { health: 'failed', from: 20, to: null },
  ]);
});

test('it ends with the session, and what is seen afterwards does not count', () => {
  const changes = [change('server', 0, 'ready'), change('server', 50, 'failed')];
  expect(healthStripe(changes, 50)).toEqual([{ health: 'ready', from: 0, to: 50 }]);
});

test('a component that is only starting is not ill', () => {
  const starting = [change('server', 0, 'unknown'), change('server', 1, 'not-ready')];
  expect(healthStripe(starting, null)).toEqual([]);
  expect(healthStripe([...starting, change('server', 9, 'ready')], null)).toEqual([
    { health: 'ready', from: 9, to: null },
  ]);
  expect(healthStripe([...starting, change('server', 9, 'failed')], null)).toEqual([
    { health: 'failed', from: 9, to: null },
  ]);
});

test('changes may come in any order', () => {
  const changes = [change('server', 10, 'failed'), change('server', 0, 'ready')];
  expect(healthStripe(changes, null).map((span) => span.health)).toEqual(['ready', 'failed']);
});

test('without components there is nothing to show', () => {
  expect(healthStripe([], 10)).toEqual([]);
});
