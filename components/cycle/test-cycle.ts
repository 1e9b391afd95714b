import type { CycleInstanceView, CycleView, IntentView } from '../../server/contract/cycle.ts';
import { planBasis } from '../../server/domain/approval/fingerprint.ts';
import type { PlanBody } from '../../server/domain/approval/plan.ts';
import type { Cluster } from '../../server/domain/cluster/cluster.ts';
import { capacity } from '../../server/domain/cycle/capacity.ts';
import { type CycleHistory, cycleHistory } from '../../server/domain/cycle/cycle-history.ts';
import { CYCLE_ACTIONS } from '../../server/domain/cycle/cycle-state.ts';
import { explain } from '../../server/domain/cycle/explain.ts';
import { forecast } from '../../server/domain/cycle/forecast.ts';
import { type CyclePolicy, floorOf } from '../../server/domain/cycle/policy.ts';

/** When the cycle of these tests was approved. All else is told in milliseconds after it. */
export const FROM = 1_000_000;

const CLUSTER: Cluster = {
  id: 'clu_1',
  name: 'web',
  config: 'new',
  minSize: 1,
  maxSize: 3,
  instances: ['m-1', 'm-2'].map((id, index) => ({
    id,
    state: 'started',
    config: 'old',
    createdAt: index,
    updatedAt: null,
  })),
};
const CONFIG = { targetSize: 2, minSize: 1, maxSize: 3, drainTimeoutMs: 10_000 };
const POLICY: CyclePolicy = { surge: 1, maxUnavailable: 0, onDrainTimeout: 'pause' };

/** Two old ones, each expected to start in 2 s, to drain in 3 s and to terminate in 1 s, the new one first. */
function planBody(): PlanBody {
  const explanation = explain(CLUSTER, CONFIG, POLICY, FROM);
  return {
    cluster: CLUSTER,
    environment: { id: 'env_1', name: 'demo', kind: 'simulator' },
    knobs: {},
    config: CONFIG,
    policy: POLICY,
    basis: planBasis(CLUSTER, CONFIG, POLICY, explanation.decisions),
    sentence: '',
    checks: [],
    checksMade: 0,
    explanation,
    forecast: forecast(
      CLUSTER,
      CONFIG,
      POLICY,
      { startMs: [2_000], drainMs: [3_000], terminateMs: [1_000], seed: 1 },
      FROM,
    ),
    now: capacity(CLUSTER, POLICY, FROM),
    floor: floorOf(CONFIG, POLICY),
    versions: { old: 1, new: 2 },
    changes: [],
    observedAt: FROM,
    computedAt: FROM,
  };
}

function intent(step: number, kind: IntentView['kind'], instanceId: string | null, at: number): IntentView {
  return {
    id: `intent-${step}`,
    step,
    ordinal: 0,
    kind,
    instanceId,
    count: instanceId === null ? 1 : 0,
    token: `cyc_1/${step}/0`,
    because: '',
    outcome: 'done',
    settledBy: 'answer',
    error: null,
    createdAt: FROM + at,
    settledAt: FROM + at + 50,
    fence: '1',
  };
}

const INTENTS = [
  intent(1, 'start', null, 1_000),
  intent(2, 'drain', 'm-1', 3_000),
  intent(3, 'terminate', 'm-1', 6_000),
  intent(4, 'start', null, 9_000),
  intent(5, 'drain', 'm-2', 11_000),
  intent(6, 'terminate', 'm-2', 13_000),
];

/** m-1 and n-1, then a pause of a person, then m-2 and n-2. */
const CHANGES = [
  ['m-1', -500, 'started'],
  ['m-1', 3_000, 'draining'],
  ['m-1', 6_000, 'terminating'],
  ['m-1', 7_000, 'gone'],
  ['m-2', -500, 'started'],
  ['m-2', 11_000, 'draining'],
  ['m-2', 13_000, 'terminating'],
  ['m-2', 14_000, 'gone'],
  ['n-1', 1_000, 'starting'],
  ['n-1', 3_000, 'started'],
  ['n-2', 9_000, 'starting'],
  ['n-2', 11_000, 'started'],
] as const;

function instance(instanceId: string, role: CycleInstanceView['role']): CycleInstanceView {
  return {
    instanceId,
    role,
    decision: role === 'planned' ? 'replace' : null,
    state: role === 'planned' ? 'gone' : 'started',
    stateSince: FROM + 14_000,
    health: null,
    version: role === 'planned' ? 1 : 2,
    skipped: null,
    forced: null,
    drainDeadline: null,
    blockers: [],
    failures: [],
  };
}

/** A cycle that has completed, as the page has it. */
export const CYCLE: CycleView = {
  id: 'cyc_1',
  planId: 'pln_1',
  clusterId: 'clu_1',
  clusterName: 'web',
  environmentName: 'demo',
  state: 'completed',
  reason: null,
  waitsForPlace: null,
  progress: null,
  authorName: 'Ada',
  createdAt: FROM,
  startedAt: FROM + 1_000,
  endedAt: FROM + 14_500,
  body: planBody(),
  abortMode: null,
  summary: {
    current: 2,
    outdated: 0,
    skipped: 0,
    leaving: 0,
    notOurs: 0,
    inService: 2,
    sentence: 'Completed: 2 current, 0 outdated, 2 in service.',
  },
  approvedBy: ['Grace'],
  workerId: null,
  retryAt: null,
  samples: [1_000, 3_000, 6_000, 14_000].map((at) => ({ ...capacity(CLUSTER, POLICY, FROM + at) })),
  intents: INTENTS,
  instances: [
    instance('m-1', 'planned'),
    instance('m-2', 'planned'),
    instance('n-1', 'started'),
    instance('n-2', 'started'),
  ],
  calls: [
    {
      id: 'call-1',
      operation: 'start',
      token: 'cyc_1/1/0',
      detail: '1',
      at: FROM + 1_000,
      durationMs: 40,
      result: 'ok',
    },
    {
      id: 'call-2',
      operation: 'drain',
      token: 'cyc_1/2/0',
      detail: 'm-1',
      at: FROM + 3_000,
      durationMs: 40,
      result: 'ok',
    },
  ],
  actions: CYCLE_ACTIONS.completed,
  canUndrain: true,
  settings: [],
  observedAt: FROM + 20_000,
  seq: '9',
  clusterSeq: '9',
  environmentSeq: '9',
};

export const HISTORY: CycleHistory = cycleHistory({
  from: FROM,
  to: FROM + 14_500,
  expectedWaves: [['m-1'], ['m-2']],
  members: CYCLE.instances.map((one) => ({ ...one, goneAt: null })),
  transitions: CHANGES.map(([instanceId, at, state]) => ({ instanceId, at: FROM + at, state, health: null })),
  intents: INTENTS.map((one) => ({ ...one, message: null })),
  failures: [],
  states: [
    { at: FROM + 900, state: 'running', sentence: null, byName: null },
    { at: FROM + 6_500, state: 'pausing', sentence: null, byName: 'Ada' },
    { at: FROM + 7_000, state: 'paused', sentence: 'Ada asked for the pause.', byName: null },
    { at: FROM + 9_000, state: 'running', sentence: null, byName: 'Ada' },
    { at: FROM + 14_500, state: 'completed', sentence: 'Completed: 2 current.', byName: null },
  ],
  orders: [{ at: FROM + 4_000, instanceId: 'm-1', byName: 'Ada', byMs: 5_000 }],
});
