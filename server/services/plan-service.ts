import type { Page } from '../contract/cluster.ts';
import type { PlaceQueue } from '../contract/cycle.ts';
import type { Viewer } from '../contract/people.ts';
import { hasRole } from '../contract/people.ts';
import type { PlanRow, PlanView, PreviewView } from '../contract/plan.ts';
import { fingerprint } from '../domain/approval/fingerprint.ts';
import type { Knobs, PlanBody, PlanRecord } from '../domain/approval/plan.ts';
import {
  APPROVE_FACTS_LIMIT_MS,
  PLAN_ACTIONS,
  PLAN_LIFETIME_MS,
  type PlanAction,
  PREVIEW_FACTS_LIMIT_MS,
} from '../domain/approval/plan-state.ts';
import type { PlanStore } from '../domain/approval/plan-store.ts';
import { type Staleness, staleness } from '../domain/approval/staleness.ts';
import type { EnvironmentRecord, Fleet } from '../domain/cluster/fleet.ts';
import type { CycleState } from '../domain/cycle/cycle-state.ts';
import type { Capabilities } from '../domain/cycle/environment.ts';
import { DomainError } from '../domain/errors.ts';
import { newId } from './new-id.ts';
import { storedPlanning } from './planning.ts';
import { preview } from './preview.ts';
import { sha256 } from './sha256.ts';

/** What the plan service asks of the store beside plans. */
export interface PlanQueries {
  list(input: { clusterId?: string; state?: string; cursor?: string | null; limit: number }): Promise<Page<PlanRow>>;
  activeCycle(clusterId: string): Promise<{ readonly id: string; readonly state: CycleState } | null>;
  cycle(cycleId: string): Promise<{ readonly id: string; readonly state: CycleState } | null>;
  names(userIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Whether a worker that may drive the environment was seen lately. */
  reachable(environmentId: string): Promise<boolean>;
  /** How a cycle would stand that were approved now; null where it would begin at once. */
  nextPlace(environmentId: string): Promise<PlaceQueue | null>;
  seq(stream: string): Promise<string>;
  /** Of these clusters the one of each environment that was read longest ago. */
  oldestFacts(clusterIds: readonly string[]): Promise<readonly string[]>;
}

/** Asks the worker to read a cluster now, and waits a little for it. Resolves without an error where none came. */
export type Refresh = (
  environmentId: string,
  clusterId: string,
  notOlderThan: number,
  signal: AbortSignal,
) => Promise<void>;

export interface PlanPorts {
  readonly plans: PlanStore;
  readonly queries: PlanQueries;
  readonly fleet: Fleet;
  readonly refresh: Refresh;
  /** What the back end of an environment can do; null where its kind is not known. */
  readonly capabilitiesOf: (environment: Pick<EnvironmentRecord, 'kind' | 'settings'>) => Capabilities | null;
  readonly clock: () => number;
}

export class PlanService {
  readonly #ports: PlanPorts;

  constructor(ports: PlanPorts) {
    this.#ports = ports;
  }

  list(input: { clusterId?: string; state?: string; cursor?: string | null; limit: number }): Promise<Page<PlanRow>> {
    return this.#ports.queries.list(input);
  }

  /** The dry run of any knobs. It reads stored facts, takes no lock and writes nothing. */
  async preview(clusterId: string, knobs: Knobs, signal: AbortSignal): Promise<PreviewView> {
    const { fleet, queries, clock } = this.#ports;
    const began = performance.now();
    await this.#freshen(clusterId, PREVIEW_FACTS_LIMIT_MS, signal);
    // The sequence number is read before the facts that it goes with, so that no change falls between the two.
    const seq = await queries.seq(`cluster:${clusterId}`);
    const body = await this.dryRun(clusterId, knobs);
    const [record, activeCycle, environment] = await Promise.all([
      fleet.cluster(clusterId),
      queries.activeCycle(clusterId),
      fleet.environment(body.environment.id),
    ]);
    const { config, policy, policySource } = storedPlanning(record);
    const age = record.observedAt === null ? null : clock() - record.observedAt;
    return {
      ...body,
      fingerprint: fingerprint(body.basis, sha256),
      stored: { config, policy, policySource },
      factsNote:
        age !== null && age <= PREVIEW_FACTS_LIMIT_MS
          ? null
          : `No fresh facts came in time; these are ${age === null ? 'none' : `${Math.round(age / 1000)} s old`}.`,
      computedInMs: Math.round(performance.now() - began),
      activeCycle,
      approvals: { needed: environment.approvalsNeeded, selfApproval: environment.selfApproval },
      seq,
    };
  }

  /** Freezes what the author saw. Refused where the planner meanwhile says something else, or something blocks. */
  async create(
    input: { clusterId: string; knobs: Knobs; fingerprint: string; ticked: readonly string[]; comment: string },
    author: Viewer,
    requestId: string,
  ): Promise<string> {
    const { plans, clock } = this.#ports;
    const body = await this.dryRun(input.clusterId, input.knobs);
    const print = fingerprint(body.basis, sha256);
    const id = newId('pln', clock());
    if (print !== input.fingerprint)
      throw new DomainError('PLAN_STALE', { planId: id, changes: ['the cluster changed since you looked'] });
    const blockers = body.checks.filter((one) => one.level === 'blocker').map((one) => one.sentence);
    if (blockers.length > 0) throw new DomainError('PLAN_BLOCKED', { blockers });
    const unticked = body.checks
      .filter((one) => one.level === 'warning' && !input.ticked.includes(one.id))
      .map((one) => one.sentence);
    if (unticked.length > 0) throw new DomainError('PLAN_WARNINGS', { unticked });
    const { clusterId, ticked, comment } = input;
    const environmentId = body.environment.id;
    const expiresAt = clock() + PLAN_LIFETIME_MS;
    await plans.create(
      { id, clusterId, environmentId, authorId: author.id, comment, fingerprint: print, body, ticked, expiresAt },
      author,
      requestId,
    );
    return id;
  }

  async byId(planId: string, viewer: Viewer): Promise<PlanView> {
    const { plans, queries, fleet, clock } = this.#ports;
    const seq = await queries.seq(`plan:${planId}`);
    const plan = await plans.byId(planId);
    const clusterSeq = await queries.seq(`cluster:${plan.clusterId}`);
    const isWaiting = plan.state === 'awaiting-approval';
    const [environment, names, cycle, present, nextPlace] = await Promise.all([
      fleet.environment(plan.environmentId),
      queries.names([
        plan.authorId,
        ...(plan.decidedBy === null ? [] : [plan.decidedBy]),
        ...plan.approvals.map((one) => one.userId),
      ]),
      plan.cycleId === null ? null : queries.cycle(plan.cycleId),
      isWaiting ? this.#present(plan) : null,
      isWaiting ? queries.nextPlace(plan.environmentId) : null,
    ]);
    const name = (id: string) => names.get(id) ?? 'someone who was removed';
    const stale = present?.stale ?? { verdict: 'fresh', changes: [] };
    return {
      id: plan.id,
      clusterId: plan.clusterId,
      state: plan.state,
      author: { id: plan.authorId, name: name(plan.authorId) },
      comment: plan.comment,
      fingerprint: plan.fingerprint,
      body: plan.body,
      ticked: plan.ticked,
      createdAt: plan.createdAt,
      expiresAt: plan.expiresAt,
      decidedAt: plan.decidedAt,
      decidedByName: plan.decidedBy === null ? null : name(plan.decidedBy),
      decisionNote: plan.decisionNote,
      approvals: plan.approvals.map(({ userId, at, comment }) => ({ userId, userName: name(userId), at, comment })),
      approvalsNeeded: environment.approvalsNeeded,
      selfApproval: environment.selfApproval,
      nextPlace,
      staleness: stale,
      checkedAt: clock(),
      factsAgeMs: present?.observedAt == null ? null : clock() - present.observedAt,
      cycle,
      actions: this.#actions(plan, environment.selfApproval, viewer, stale),
      seq,
      clusterSeq,
    };
  }

  /**
   * Gives the viewer's approval to the plan that the viewer saw. Everything is checked here and again by the
   * database: state, expiry, fingerprint, freshness of facts, who may approve, one active cycle.
   */
  async approve(
    input: { planId: string; fingerprint: string; comment: string },
    viewer: Viewer,
    requestId: string,
    signal: AbortSignal,
  ): Promise<{ readonly cycleId: string | null }> {
    const { plans, fleet, clock } = this.#ports;
    const plan = await plans.byId(input.planId);
    const { planId } = input;
    const environment = await fleet.environment(plan.environmentId);
    if (plan.authorId === viewer.id && !environment.selfApproval) throw new DomainError('SELF_APPROVAL', { planId });
    const allowed = PLAN_ACTIONS[plan.state].approve;
    if (allowed !== true) throw new DomainError('PLAN_STATE', { planId, state: plan.state, action: 'approve' });
    if (plan.expiresAt <= clock()) throw new DomainError('PLAN_EXPIRED', { planId, expiredAt: plan.expiresAt });
    const honest = fingerprint(plan.body.basis, sha256) === plan.fingerprint && input.fingerprint === plan.fingerprint;
    if (!honest) throw new DomainError('PLAN_STALE', { planId, changes: ['the plan is not the one that you saw'] });
    await this.#freshen(plan.clusterId, PREVIEW_FACTS_LIMIT_MS, signal);
    const { stale, observedAt } = await this.#present(plan);
    const ageMs = observedAt === null ? Number.POSITIVE_INFINITY : clock() - observedAt;
    if (ageMs > APPROVE_FACTS_LIMIT_MS) {
      throw new DomainError('FACTS_TOO_OLD', { clusterId: plan.clusterId, ageMs, limitMs: APPROVE_FACTS_LIMIT_MS });
    }
    if (stale.verdict === 'material') {
      const changes = stale.changes.filter((change) => change.material).map((change) => change.sentence);
      throw new DomainError('PLAN_STALE', { planId, changes });
    }
    const cycleId = await plans.approve({
      planId,
      actor: viewer,
      comment: input.comment,
      requestId,
      fingerprint: plan.fingerprint,
      needed: environment.approvalsNeeded,
      cycleId: newId('cyc', clock()),
    });
    return { cycleId };
  }

  reject(input: { planId: string; comment: string }, viewer: Viewer, requestId: string): Promise<void> {
    return this.#ports.plans.close({ ...input, actor: viewer, requestId, state: 'rejected' });
  }

  async withdraw(input: { planId: string; comment: string }, viewer: Viewer, requestId: string): Promise<void> {
    const plan = await this.#ports.plans.byId(input.planId);
    if (plan.authorId !== viewer.id && !hasRole(viewer.role, 'administrator')) {
      throw new DomainError('FORBIDDEN', { action: 'withdraw this plan', needs: 'its author or an administrator' });
    }
    return this.#ports.plans.close({ ...input, actor: viewer, requestId, state: 'withdrawn' });
  }

  /** What is planned on the stored facts, whatever their age. */
  async dryRun(clusterId: string, knobs: Knobs): Promise<PlanBody> {
    const { fleet, queries, clock, capabilitiesOf } = this.#ports;
    const record = await fleet.cluster(clusterId);
    const [environment, cluster, durations, configs, active, reachable] = await Promise.all([
      fleet.environment(record.environmentId),
      fleet.facts(clusterId),
      fleet.durations(clusterId),
      fleet.configs(clusterId),
      queries.activeCycle(clusterId),
      queries.reachable(record.environmentId),
    ]);
    return preview(
      {
        ...{ record, environment, cluster, durations, configs, reachable },
        activeCycleId: active?.id ?? null,
        capabilities: capabilitiesOf(environment),
      },
      knobs,
      clock(),
    );
  }

  /** Asks for fresh facts of these clusters, once for each environment, since the worker reads a whole one. */
  async freshenMany(clusterIds: readonly string[], signal: AbortSignal): Promise<void> {
    const oldest = await this.#ports.queries.oldestFacts(clusterIds);
    await Promise.all(oldest.map((clusterId) => this.#freshen(clusterId, PREVIEW_FACTS_LIMIT_MS, signal)));
  }

  #actions(
    plan: PlanRecord,
    selfApproval: boolean,
    viewer: Viewer,
    stale: Staleness,
  ): Record<PlanAction, true | string> {
    const byState = PLAN_ACTIONS[plan.state];
    if (!hasRole(viewer.role, 'operator')) {
      const why = 'needs the role operator';
      return { approve: why, reject: why, withdraw: why };
    }
    const own = plan.authorId === viewer.id;
    const approve =
      byState.approve !== true
        ? byState.approve
        : plan.expiresAt <= this.#ports.clock()
          ? 'expired; preview again'
          : own && !selfApproval
            ? 'you wrote it; somebody else must approve'
            : plan.approvals.some((one) => one.userId === viewer.id)
              ? 'you have approved it'
              : stale.verdict === 'material'
                ? 'the cluster changed; preview again'
                : true;
    const withdraw =
      byState.withdraw === true && !own && !hasRole(viewer.role, 'administrator')
        ? 'only its author may'
        : byState.withdraw;
    return { approve, reject: byState.reject, withdraw };
  }

  async #present(plan: PlanRecord): Promise<{ stale: Staleness; observedAt: number | null }> {
    const present = await this.dryRun(plan.clusterId, plan.body.knobs);
    return {
      stale: staleness(
        { basis: plan.body.basis, instances: plan.body.cluster.instances },
        { basis: present.basis, cluster: present.cluster },
      ),
      observedAt: present.observedAt,
    };
  }

  async #freshen(clusterId: string, limitMs: number, signal: AbortSignal): Promise<void> {
    const { fleet, refresh, clock } = this.#ports;
    const { environmentId, observedAt } = await fleet.cluster(clusterId);
    const oldest = clock() - limitMs;
    if (observedAt === null || observedAt < oldest) await refresh(environmentId, clusterId, oldest, signal);
  }
}
