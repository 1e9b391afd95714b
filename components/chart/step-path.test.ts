import { expect, test } from 'vitest';
import { labelRoom, spreadLabels, stepArea, stepLine } from './step-path.ts';

test('a step line goes across, then up or down, and never slants', () => {
  const steps = [
    { x: 0, y: 10 },
    { x: 5, y: 10 },
    { x: 8, y: 4 },
  ];
  expect(stepLine(steps, 20)).toBe('M0 10H8V4H20');
  expect(stepLine([], 20)).toBe('');
});

test('a band is outlined along its top and back along its base', () => {
  const bands = [
    { x: 0, base: 100, top: 80 },
    { x: 10, base: 90, top: 60 },
  ];
  expect(stepArea(bands, 30)).toBe('M0 80H10V60H30V90H10V100H0Z');
});

test('a band that vanishes and comes back has two outlines', () => {
  const bands = [
    { x: 0, base: 100, top: 100 },
    { x: 10, base: 100, top: 80 },
    { x: 20, base: 100, top: 100 },
    { x: 40, base: 100, top: 90 },
  ];
  expect(stepArea(bands, 50)).toBe('M10 80H20V100H10ZM40 90H50V100H40Z');
});

test('a band without any height draws nothing', () => {
  expect(stepArea([{ x: 0, base: 5, top: 5 }], 50)).toBe('');
});

test('a label stands in the largest room that is wide and high enough', () => {
  const bands = [
    { x: 0, base: 100, top: 50 },
    { x: 20, base: 100, top: 95 },
    { x: 30, base: 100, top: 60 },
    { x: 70, base: 100, top: 40 },
  ];
  expect(labelRoom(bands, 100, 40, 18)).toEqual({ x: 65, y: 80 });
  expect(labelRoom(bands, 100, 80, 18)).toBeNull();
});

test('labels of equal values are moved apart and stay above the bottom', () => {
  expect(spreadLabels([50, 50, 20], 12, 100)).toEqual([50, 62, 20]);
  expect(spreadLabels([98, 99], 12, 100)).toEqual([88, 100]);
});
