import { describe, expect, test } from 'vitest';
import type { Cluster, Instance } from '../cluster/cluster.ts';
import { capacity } from '../cycle/capacity.ts';
import { explain } from '../cycle/explain.ts';
import { forecast } from '../cycle/forecast.ts';
import { type CyclePolicy, floorOf } from '../cycle/policy.ts';
import type { TaskConfig } from '../cycle/task.ts';
import { comparePlans, type FigureKey, type SettingKey } from './compare-plans.ts';
import { planBasis } from './fingerprint.ts';
import type { PlanBody, PreviewCheck } from './plan.ts';

const NOW = Date.UTC(2026, 0, 1);

interface Facts {
  readonly instances?: readonly Instance[];
  readonly target?: string;
  readonly config?: Partial<TaskConfig>;
  readonly policy?: CyclePolicy;
  readonly checks?: readonly PreviewCheck[];
}

const old = (id: string, facts: Partial<Instance> = {}): Instance => ({
  id,
  state: 'started',
  config: 'old',
  createdAt: NOW - 3_600_000,
  updatedAt: null,
  health: 'healthy',
  ...facts,
});

const THREE = [old('m-1'), old('m-2'), old('m-3', { config: 'new' })];
const SIZES: TaskConfig = { targetSize: 3, minSize: 2, maxSize: 4, drainTimeoutMs: 60_000 };
const POLICY: CyclePolicy = { surge: 1, maxUnavailable: 0, protect: 'skip' };

function plan({ instances = THREE, target = 'new', config, policy = POLICY, checks = [] }: Facts = {}): PlanBody {
  const cluster: Cluster = { id: 'c', name: 'web', config: target, minSize: 0, maxSize: 9, instances };
  const sizes = { ...SIZES, ...config };
  const explanation = explain(cluster, sizes, policy, NOW);
  return {
    cluster,
    environment: { id: 'e', name: 'demo', kind: 'simulator' },
    knobs: {},
    config: sizes,
    policy,
    basis: planBasis(cluster, sizes, policy, explanation.decisions),
    sentence: '',
    checks,
    checksMade: checks.length,
    explanation,
    forecast: forecast(cluster, sizes, policy, { startMs: [], drainMs: [], terminateMs: [], seed: 1 }, NOW),
    now: capacity(cluster, policy, NOW),
    floor: floorOf(sizes, policy),
    versions: {},
    changes: [],
    observedAt: NOW,
    computedAt: NOW,
  };
}

const warning = (id: string, sentence: string): PreviewCheck => ({
  id,
  level: 'warning',
  sentence,
  source: 'test',
  fixes: [],
});

const keysOf = <Key extends string>(record: Readonly<Record<Key, boolean>>) =>
  (Object.keys(record) as Key[]).filter((key) => record[key]);

function differing(after: Facts, before: Facts = {}) {
  const { configuration, settings, figures, outcome, decisions, checks, changes } = comparePlans(
    plan(before),
    plan(after),
  );
  return {
    verdict: changes.verdict,
    configuration: configuration.differs,
    settings: keysOf(settings),
    figures: (Object.keys(figures) as FigureKey[]).filter((key) => figures[key].differs),
    outcome: outcome.differs,
    instances: decisions.map((one) => [one.instanceId, one.before?.kind ?? null, one.after?.kind ?? null]),
    checks: checks.map((one) => [one.id, one.before, one.after]),
  };
}

const NOTHING = {
  verdict: 'fresh',
  configuration: false,
  settings: [] as SettingKey[],
  figures: [] as FigureKey[],
  outcome: false,
  instances: [] as unknown[],
  checks: [] as unknown[],
};

test('a plan does not differ from itself', () => {
  expect(differing({})).toEqual(NOTHING);
});

describe('what differs is said, and nothing else', () => {
  test.each<[string, Facts, Partial<typeof NOTHING>]>([
    [
      'another target configuration',
      { target: 'newer' },
      {
        verdict: 'material',
        configuration: true,
        figures: ['replaced', 'starts', 'waves', 'p50', 'p90'],
        instances: [['m-3', 'keep', 'replace']],
      },
    ],
    [
      'another drain timeout',
      { config: { drainTimeoutMs: 90_000 } },
      { verdict: 'material', settings: ['drainTimeoutMs'], figures: ['p50', 'p90'] },
    ],
    [
      'a smaller size',
      { config: { targetSize: 2, minSize: 1 }, policy: POLICY },
      {
        verdict: 'material',
        settings: ['targetSize', 'minSize'],
        figures: ['starts', 'lowest', 'floor', 'peak', 'p50', 'p90'],
      },
    ],
    [
      'a protected instance',
      { instances: [old('m-1', { protection: 'protected' }), ...THREE.slice(1)] },
      {
        verdict: 'material',
        figures: ['replaced', 'starts', 'waves', 'p50', 'p90'],
        instances: [['m-1', 'replace', 'skip']],
      },
    ],
    [
      'an instance that is gone, and another that came',
      { instances: [...THREE.slice(1), old('m-4')] },
      {
        verdict: 'material',
        instances: [
          ['m-1', 'replace', null],
          ['m-4', null, 'replace'],
        ],
      },
    ],
    [
      'a current instance that is gone, which is harmless',
      { instances: [...THREE.slice(0, 2), old('m-5', { config: 'new' })] },
      {
        verdict: 'harmless',
        instances: [
          ['m-3', 'keep', null],
          ['m-5', null, 'keep'],
        ],
      },
    ],
    [
      'a rule of the policy that is not there any more',
      { policy: { surge: 1, maxUnavailable: 0 } },
      { verdict: 'material', settings: ['protect'] },
    ],
  ])('%s', (_, after, expected) => {
    expect(differing(after)).toEqual({ ...NOTHING, ...expected });
  });

  test('checks that appeared, are gone, or say something else; not those that say the same', () => {
    const before = [warning('held', 'one is held'), warning('unhealthy', 'm-1 is'), warning('protected', 'm-2 is')];
    const after = [warning('unhealthy', 'm-1 and m-2 are'), warning('protected', 'm-2 is'), warning('forced', 'both')];
    expect(differing({ checks: after }, { checks: before }).checks).toEqual([
      ['held', 'one is held', null],
      ['unhealthy', 'm-1 is', 'm-1 and m-2 are'],
      ['forced', null, 'both'],
    ]);
  });
});

test('both sides of a figure and both reasons of a decision are told', () => {
  const { figures, decisions } = comparePlans(plan(), plan({ target: 'newer' }));
  expect(figures.replaced).toEqual({ before: 2, after: 3, differs: true });
  expect(decisions[0]?.before?.reason).not.toBe('');
  expect(decisions[0]?.after?.reason).not.toBe(decisions[0]?.before?.reason);
});
