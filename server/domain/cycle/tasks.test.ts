import { describe, expect, test } from 'vitest';
import { DomainError } from '../errors.ts';
import { tasks } from './tasks.ts';
import { clusterOf, configOf, handwritten, NOW, plans, tasksOf, trajectories } from './testdata/vectors.ts';

describe('the reference, with the unlimited policy', () => {
  test('every recorded plan', () => {
    const file = plans();
    expect(file.cases).toHaveLength(400);
    for (const { cluster, instances, tc, tasks: recorded, error } of file.cases) {
      const plan = () => tasks(clusterOf(file, cluster, instances), configOf(tc), {}, NOW);
      if (error === undefined) expect(plan(), cluster).toEqual(tasksOf(recorded ?? []));
      else expect(plan, cluster).toThrow(expect.objectContaining({ code: 'INVALID_TASK_CONFIG', message: error }));
    }
  });

  test.each([
    ['handwritten', handwritten(), 13],
    ['random', trajectories(), 50],
  ])('every step of the %s trajectories', (_name, file, count) => {
    expect(file.cases).toHaveLength(count);
    for (const { cluster, name, states, tasks: recorded, tc } of file.cases) {
      states.forEach((rows, step) => {
        const plan = tasks(clusterOf(file, cluster, rows), configOf(tc), {}, NOW);
        expect(plan, `${name}, step ${step}`).toEqual(tasksOf(recorded[step] ?? []));
      });
    }
  });

  test('an invalid configuration is an INVALID_TASK_CONFIG that names the fields', () => {
    const cluster = clusterOf(plans(), 'c', []);
    const plan = () => tasks(cluster, { targetSize: 1, minSize: 2, maxSize: 2, drainTimeoutMs: 0 }, {}, NOW);
    expect(plan).toThrow(DomainError);
    expect(plan).toThrow(
      expect.objectContaining({ code: 'INVALID_TASK_CONFIG', details: { fields: ['minSize', 'maxSize'] } }),
    );
  });
});
