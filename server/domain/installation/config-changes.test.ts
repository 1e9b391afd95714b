import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { installations } from '../../contract/test-installations.ts';
import { type ConfigChange, type ConfigRules, configChanges } from './config-changes.ts';
import type { ClusterDeclaration, EnvironmentDeclaration, Installation, StoredInstallation } from './installation.ts';

const ANYTHING: ConfigRules = { environmentProblem: () => null, specProblem: () => null };
const EMPTY: StoredInstallation = { environments: [], clusters: [] };

const demo: EnvironmentDeclaration = {
  name: 'demo',
  kind: 'simulator',
  settings: {},
  selfApproval: false,
  approvalsNeeded: 1,
  maxActiveCycles: null,
};
const web: ClusterDeclaration = {
  environment: 'demo',
  name: 'web',
  labels: {},
  spec: { image: 'web:1' },
  minSize: 1,
  targetSize: 2,
  maxSize: 3,
  policy: null,
  drainTimeoutMs: 900_000,
};

/** The world after what is not held was done. */
function applied(stored: StoredInstallation, changes: readonly ConfigChange[]): StoredInstallation {
  return changes.reduce((world, { step, name, held }) => (held === null ? after(world, step, name) : world), stored);
}

function after(world: StoredInstallation, step: ConfigChange['step'], id: string): StoredInstallation {
  const { environments, clusters } = world;
  switch (step.kind) {
    case 'create-environment':
      return { ...world, environments: [...environments, { ...step.environment, id }] };
    case 'edit-environment':
      return {
        ...world,
        environments: environments.map((one) => (one.id === step.environmentId ? { ...one, ...step.after } : one)),
      };
    case 'declare-cluster': {
      const facts = { id, environmentId: step.cluster.environment, isCycling: false, instances: 0 };
      return { ...world, clusters: [...clusters, { ...step.cluster, ...facts }] };
    }
    case 'edit-cluster':
      return {
        ...world,
        clusters: clusters.map((one) => (one.id === step.clusterId ? { ...one, ...step.after } : one)),
      };
    case 'remove-cluster':
      return { ...world, clusters: clusters.filter((one) => one.id !== step.clusterId) };
  }
}

const changesOf = (declared: Partial<Installation>, stored: StoredInstallation, rules = ANYTHING) =>
  configChanges({ environments: [], clusters: [], absent: [], ...declared }, stored, rules);

/** Of kinds that do not change: those are held for ever. */
const pairs = fc.tuple(installations, installations).map(([one, other]): [Installation, Installation] => [
  one,
  {
    ...other,
    environments: other.environments.map((environment) => ({
      ...environment,
      kind: one.environments.find(({ name }) => name === environment.name)?.kind ?? environment.kind,
    })),
  },
]);

describe('applying', () => {
  test('a file twice changes nothing the second time, whatever was stored', () => {
    fc.assert(
      fc.property(pairs, ([before, declared]) => {
        const stored = applied(EMPTY, changesOf(before, EMPTY).changes);
        const world = applied(stored, changesOf(declared, stored).changes);
        expect(changesOf(declared, world).changes).toEqual([]);
      }),
    );
  });

  test('leaves everything as it is that the file does not name', () => {
    fc.assert(
      fc.property(pairs, ([before, declared]) => {
        const stored = applied(EMPTY, changesOf(before, EMPTY).changes);
        const { changes, notInFile } = changesOf(declared, stored);
        const world = applied(stored, changes);
        const others = (of: StoredInstallation) => [
          of.environments.filter(({ name }) => notInFile.includes(name)),
          of.clusters.filter(({ environment, name }) => notInFile.includes(`${environment}/${name}`)),
        ];
        expect(others(world)).toEqual(others(stored));
        expect(others(stored).flat()).toHaveLength(notInFile.length);
      }),
    );
  });

  test('says of each change what differs', () => {
    fc.assert(
      fc.property(pairs, ([before, declared]) => {
        const stored = applied(EMPTY, changesOf(before, EMPTY).changes);
        for (const { sentence, fields } of changesOf(declared, stored).changes) {
          expect(sentence).toMatch(/^[A-Z].*\.$/);
          expect(fields.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

const known = { ...web, id: 'clu_web', environmentId: 'env_demo', isCycling: false, instances: 2 };
const stored: StoredInstallation = { environments: [{ ...demo, id: 'env_demo' }], clusters: [known] };

test('environments come before their clusters, and removals last', () => {
  const declared = {
    environments: [{ ...demo, name: 'prod' }],
    clusters: [{ ...web, environment: 'prod' }],
    absent: [{ environment: 'demo', name: 'web' }],
  };
  const { changes } = changesOf(declared, { ...stored, clusters: [{ ...known, instances: 0 }] });
  expect(changes.map(({ step, name, held }) => [step.kind, name, held])).toEqual([
    ['create-environment', 'prod', null],
    ['declare-cluster', 'prod/web', null],
    ['remove-cluster', 'demo/web', null],
  ]);
});

test('an edit carries only what differs, before and after', () => {
  const { changes } = changesOf({ clusters: [{ ...web, spec: { image: 'web:2' }, maxSize: 4 }] }, stored);
  expect(changes).toEqual([
    {
      name: 'demo/web',
      step: {
        kind: 'edit-cluster',
        clusterId: 'clu_web',
        before: { spec: { image: 'web:1' }, maxSize: 3 },
        after: { spec: { image: 'web:2' }, maxSize: 4 },
      },
      sentence:
        'Change the spec and the sizes of the cluster demo/web. Instances with another spec are outdated; nothing is replaced until a plan is approved.',
      fields: [
        { path: 'maxSize', before: 3, after: 4 },
        { path: 'spec.image', before: 'web:1', after: 'web:2' },
      ],
      held: null,
    },
  ]);
});

test('the order in which keys were written is no change', () => {
  const two = { ...known, spec: { a: 1, b: 2 } };
  expect(changesOf({ clusters: [{ ...web, spec: { b: 2, a: 1 } }] }, { ...stored, clusters: [two] }).changes).toEqual(
    [],
  );
});

describe('is held, with the reason', () => {
  const heldOf = (declared: Partial<Installation>, facts: object = {}, rules = ANYTHING) =>
    changesOf(declared, { ...stored, clusters: [{ ...known, ...facts }] }, rules).changes.map(({ held }) => held);

  test('what would pause an active cycle, but not a label', () => {
    expect(heldOf({ clusters: [{ ...web, targetSize: 3 }] }, { isCycling: true })).toEqual([
      expect.stringContaining('a cycle of this cluster is active'),
    ]);
    expect(heldOf({ clusters: [{ ...web, labels: { team: 'x' } }] }, { isCycling: true })).toEqual([null]);
  });

  test('the removal of what cycles or has instances', () => {
    const absent = [{ environment: 'demo', name: 'web' }];
    expect(heldOf({ absent }, { isCycling: true })).toEqual([expect.stringContaining('cycle')]);
    expect(heldOf({ absent })).toEqual(['it still has 2 instances: cycle it to target 0 first']);
  });

  test('another kind of an environment', () => {
    expect(heldOf({ environments: [{ ...demo, kind: 'local' }] })).toEqual([
      'the kind of an environment cannot change: it is simulator; give the new one another name',
    ]);
  });

  test('a cluster of no environment, or of one that cannot be created', () => {
    expect(heldOf({ clusters: [{ ...web, environment: 'prod' }] })).toEqual([
      'there is no environment prod: declare it under environments',
    ]);
    const declared = { environments: [{ ...demo, name: 'prod' }], clusters: [{ ...web, environment: 'prod' }] };
    expect(heldOf(declared, {}, { ...ANYTHING, environmentProblem: () => 'no host' })).toEqual([
      'no host',
      'the environment prod cannot be created',
    ]);
  });

  test('a spec that the back end could not use', () => {
    const rules = { ...ANYTHING, specProblem: (kind: string) => `not for ${kind}` };
    expect(
      heldOf(
        {
          clusters: [
            { ...web, spec: {} },
            { ...web, name: 'api' },
          ],
        },
        {},
        rules,
      ),
    ).toEqual(['not for simulator', 'not for simulator']);
  });
});

test('what is absent already is no change', () => {
  expect(changesOf({ absent: [{ environment: 'demo', name: 'gone' }] }, stored).changes).toEqual([]);
});
