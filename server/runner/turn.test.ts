import { beforeEach, expect, test } from 'vitest';
import { fingerprint, planBasis } from '../domain/approval/fingerprint.ts';
import type { PlanBody } from '../domain/approval/plan.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import type { ClusterRecord, Fleet } from '../domain/cluster/fleet.ts';
import { capacity } from '../domain/cycle/capacity.ts';
import type { CycleState } from '../domain/cycle/cycle-state.ts';
import type { CycleRecord, CycleStore, Fence, Intent, Settlement, Transition } from '../domain/cycle/cycle-store.ts';
import type { Environment } from '../domain/cycle/environment.ts';
import { explain } from '../domain/cycle/explain.ts';
import { forecast } from '../domain/cycle/forecast.ts';
import { floorOf } from '../domain/cycle/policy.ts';
import type { RestoreEntry } from '../domain/cycle/settings.ts';
import { DomainError } from '../domain/errors.ts';
import { supposedPlanning } from '../services/planning.ts';
import { sha256 } from '../services/sha256.ts';
import { READ_LIMIT_MS, type TurnPorts, turn } from './turn.ts';

const START = Date.UTC(2026, 10, 20, 14, 0, 0);
const FENCE: Fence = { cycleId: 'cyc_1', owner: 'worker', token: 1n };

const RECORD: ClusterRecord = {
  id: 'clu_1',
  name: 'web',
  environmentId: 'env_1',
  config: 'new',
  spec: {},
  minSize: 1,
  targetSize: 5,
  maxSize: 6,
  policy: { surge: 0, maxUnavailable: 1 },
  drainTimeoutMs: 60_000,
  labels: {},
  observedAt: START,
  observeError: null,
};

const CLUSTER: Cluster = {
  id: 'clu_1',
  name: 'web',
  config: 'new',
  minSize: 1,
  maxSize: 6,
  instances: ['m-1', 'm-2', 'm-3', 'm-4', 'm-5'].map((id, index) => ({
    id,
    state: 'started',
    config: 'old',
    createdAt: index,
    updatedAt: null,
    health: 'healthy',
    healthySince: index,
  })),
};

function planBody(): PlanBody {
  const { config, policy } = supposedPlanning(RECORD, {});
  const explanation = explain(CLUSTER, config, policy, START);
  return {
    cluster: CLUSTER,
    environment: { id: 'env_1', name: 'demo', kind: 'simulator' },
    knobs: {},
    config,
    policy,
    basis: planBasis(CLUSTER, config, policy, explanation.decisions),
    sentence: '',
    checks: [],
    checksMade: 0,
    explanation,
    forecast: forecast(CLUSTER, config, policy, { startMs: [], drainMs: [], terminateMs: [], seed: 1 }, START),
    now: capacity(CLUSTER, policy, START),
    floor: floorOf(config, policy),
    versions: {},
    changes: [],
    observedAt: START,
    computedAt: START,
  };
}

/** Time, the back end and what the runner remembers, all in memory. */
class Stage {
  now = START;
  state: CycleState = 'running';
  retries = 0;
  retryAt: number | null = null;
  describe: () => Promise<Cluster> = async () => CLUSTER;
  /** What the ledger holds. */
  entries: readonly RestoreEntry[] = [];
  /** What happens while the intents are written. */
  whileIntending: () => void = () => undefined;
  readonly drained: string[] = [];
  readonly intents: Intent[] = [];
  readonly settlements: Settlement[] = [];
  readonly transitions: Transition[] = [];

  readonly store: CycleStore = {
    load: async (): Promise<CycleRecord> => {
      const body = planBody();
      return {
        id: 'cyc_1',
        planId: 'pln_1',
        clusterId: 'clu_1',
        environmentId: 'env_1',
        state: this.state,
        reason: null,
        abortMode: this.state === 'aborting' ? 'finish-in-flight' : null,
        step: 0,
        retries: this.retries,
        retryAt: this.retryAt,
        resumedAt: null,
        startedAt: null,
        loadedAt: this.now,
        plan: { body, fingerprint: fingerprint(body.basis, sha256), expiresAt: START + 1_800_000 },
      };
    },
    recentIntents: async () => this.intents,
    instances: async () =>
      CLUSTER.instances.map(({ id }) => ({
        instanceId: id,
        role: 'planned',
        decision: 'replace',
        skipped: false,
        forcedAt: null,
        drainExtensionMs: 0,
        goneAt: null,
        terminationOrdered: false,
      })),
    failures: async () => [],
    recordInstances: async () => undefined,
    recordFailures: async () => undefined,
    skipInstance: async () => undefined,
    intend: async (_, __, wanted) => {
      this.whileIntending();
      const intents = wanted.map(
        (one, ordinal): Intent => ({
          ...one,
          id: `${ordinal}`,
          token: `cyc_1/1/${ordinal}`,
          deadline: this.now + 9_000,
          outcome: 'pending',
          createdAt: this.now,
          settledAt: null,
        }),
      );
      this.intents.push(...intents);
      return { intents, remainingMs: 9_000 };
    },
    settle: async (_, intent, settlement) => {
      this.settlements.push(settlement);
      this.intents.splice(
        0,
        this.intents.length,
        ...this.intents.map((one) => (one.id === intent.id ? { ...one, outcome: settlement.outcome } : one)),
      );
    },
    transition: async (_, transition) => {
      this.transitions.push(transition);
      this.state = transition.to;
      return true;
    },
    report: async () => undefined,
    restores: async () => this.entries,
    intendSettings: async () => Promise.reject(new Error('this back end has no settings')),
    noteSettings: async () => undefined,
    backOff: async (_, retries, retryAt) => {
      this.retries = retries;
      this.retryAt = retryAt;
    },
  };

  readonly environment: Environment = {
    name: 'demo',
    capabilities: { undrain: true, close: false, token: 'atomic', observesDrain: true },
    lookupClusterId: async () => 'clu_1',
    describeCluster: () => this.describe(),
    startInstances: async () => undefined,
    drainInstances: async (ids) => {
      this.drained.push(...ids);
    },
    terminateInstances: async () => undefined,
    waitInstances: async () => undefined,
  };

  ports(): TurnPorts {
    const unused = async () => Promise.reject(new Error('a turn does not ask for this'));
    const fleet: Fleet = {
      environments: unused,
      environment: unused,
      clustersOf: unused,
      cluster: async () => RECORD,
      facts: unused,
      durations: unused,
      configs: unused,
    };
    return {
      store: this.store,
      fleet,
      environment: this.environment,
      clock: () => this.now,
      random: () => 0.5,
      refresh: () => undefined,
    };
  }

  take() {
    return turn(FENCE, this.ports(), new AbortController().signal);
  }
}

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

const unavailable = () =>
  Promise.reject(new DomainError('ENVIRONMENT_UNAVAILABLE', { environment: 'demo', operation: 'describe' }));

test.each([
  ['a back end that is not available', unavailable],
  ['a database that does not answer', () => Promise.reject(new Error('connection refused'))],
])('%s is tried again eight times, and then a person is asked', async (_, describe) => {
  stage.describe = describe;
  const waits: number[] = [];
  while (stage.state === 'running' && waits.length < 20) {
    const next = await stage.take();
    if (next === 'over') break;
    waits.push(next.at - stage.now);
    expect(stage.drained).toEqual([]);
    stage.now = next.at;
  }
  expect(waits).toEqual([1_000, 1_500, 2_500, 4_500, 8_500, 15_500, 15_500, 15_500]);
  expect(stage.transitions).toMatchObject([{ from: 'running', to: 'paused', reason: { kind: 'budget-exhausted' } }]);
});

test('one success forgets the failures before it', async () => {
  stage.describe = unavailable;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const next = await stage.take();
    if (next !== 'over') stage.now = next.at;
  }
  expect(stage.retries).toBe(5);
  stage.describe = async () => CLUSTER;
  await stage.take();
  expect(stage.retries).toBe(0);
});

test('a back end that refuses is not asked again: a person is', async () => {
  stage.describe = () =>
    Promise.reject(
      new DomainError('ENVIRONMENT_REFUSED', { environment: 'demo', operation: 'describe', message: 'no right' }),
    );
  expect(await stage.take()).toBe('over');
  expect(stage.transitions).toMatchObject([{ to: 'paused', reason: { kind: 'error' } }]);
});

test('a cycle whose cluster is gone ends as failed', async () => {
  stage.describe = () => Promise.reject(new DomainError('CLUSTER_UNKNOWN', { id: 'clu_1' }));
  expect(await stage.take()).toBe('over');
  expect(stage.transitions).toMatchObject([{ to: 'failed' }]);
});

test('what a person aborted never becomes paused, from where somebody could resume it', async () => {
  stage.state = 'aborting';
  stage.describe = () =>
    Promise.reject(
      new DomainError('ENVIRONMENT_REFUSED', { environment: 'demo', operation: 'describe', message: 'no right' }),
    );
  expect(await stage.take()).toBe('over');
  expect(stage.transitions).toMatchObject([{ from: 'aborting', to: 'failed' }]);
});

test('the calls of a turn leave while its read is fresh', async () => {
  await stage.take();
  expect(stage.drained).toEqual(['m-1']);
  expect(stage.settlements).toMatchObject([{ outcome: 'done', settledBy: 'answer' }]);
});

test('no capacity leaves on a read that has grown too old while the intents were written', async () => {
  stage.whileIntending = () => {
    stage.now += READ_LIMIT_MS + 1;
  };
  await stage.take();
  expect(stage.drained).toEqual([]);
  expect(stage.settlements).toMatchObject([{ outcome: 'not-done' }]);
});

test('what only waits for a setting comes back in a while, and forgets no failure', async () => {
  stage.state = 'aborting';
  stage.retries = 3;
  stage.describe = async () => ({ ...CLUSTER, autoscaling: 'suspended' });
  const setting = { name: 'autoscaling', instanceId: null, before: 'active', during: 'suspended' } as const;
  stage.entries = [{ ...setting, deadline: START + 5_000, changedAt: START }];
  const next = await stage.take();
  expect(next).toMatchObject({ at: START + 500 });
  expect(stage.retries).toBe(3);
  expect(stage.transitions).toEqual([]);
});

test('a setting is not ordered again while the call before may still take effect', async () => {
  stage.describe = async () => ({ ...CLUSTER, autoscaling: 'active' });
  const setting = { name: 'autoscaling', instanceId: null, before: 'active', during: 'suspended' } as const;
  stage.entries = [{ ...setting, deadline: START + 5_000, changedAt: null }];
  const ordered: string[] = [];
  const ports: TurnPorts = {
    ...stage.ports(),
    store: {
      ...stage.store,
      intendSettings: async () => ({ deadline: stage.now + 9_000, remainingMs: 9_000 }),
    },
    environment: {
      ...stage.environment,
      capabilities: { ...stage.environment.capabilities, suspend: true },
      changeSettings: async (_, changes) => {
        ordered.push(...changes.map(({ name, value }) => `${name} ${value}`));
      },
    },
  };
  const { signal } = new AbortController();
  expect(await turn(FENCE, ports, signal)).toMatchObject({ at: START + 500 });
  expect(ordered).toEqual([]);
  stage.now = START + 5_001;
  await turn(FENCE, ports, signal);
  expect(ordered).toEqual(['autoscaling suspended']);
  expect(stage.drained).toEqual([]);
});
