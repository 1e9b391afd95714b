import { fingerprint, planBasis } from '../domain/approval/fingerprint.ts';
import { staleness } from '../domain/approval/staleness.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import type { Fleet } from '../domain/cluster/fleet.ts';
import { capacity } from '../domain/cycle/capacity.ts';
import {
  type AbortMode,
  type CycleState,
  failuresPause,
  isActive,
  type PauseReason,
} from '../domain/cycle/cycle-state.ts';
import type { CycleRecord, CycleStore, Fence, Intent, NewIntent, Settlement } from '../domain/cycle/cycle-store.ts';
import type { Call, Environment } from '../domain/cycle/environment.ts';
import { type ExplainedTask, explain } from '../domain/cycle/explain.ts';
import { failureCount, observedFailures } from '../domain/cycle/failures.ts';
import { admit } from '../domain/cycle/floor.ts';
import { asOurs, CONSISTENCY_MS, type CycleKnowledge, isOwnToken } from '../domain/cycle/ours.ts';
import { cycleSummary, plannedMembers, type TurnFacts, turnReport } from '../domain/cycle/progress.ts';
import { settleByReading } from '../domain/cycle/settle.ts';
import type { Task } from '../domain/cycle/task.ts';
import { DomainError, isDomainError, isTemporary } from '../domain/errors.ts';
import { explainPlanning, supposedPlanning } from '../services/planning.ts';
import { sha256 } from '../services/sha256.ts';
import { backOffMs } from './back-off.ts';
import { holdReason, pauseReason } from './pause-reasons.ts';
import { instanceOf, leavesUndrained, perform, refused, undrain, wanted } from './requests.ts';
import { SettingKeeper, type SettingStep } from './setting-keeper.ts';

/** Facts older than this must not decide that capacity may leave (safety rule C7). */
export const READ_LIMIT_MS = 10_000;

/** The next turn comes after this at the latest, whatever happens. */
export const TURN_LIMIT_MS = 5_000;

/** A turn that comes a moment too early would find that nothing is due yet. */
const TIMER_SLACK_MS = 20;

/** After so many temporary failures in a row a person is asked. */
const RETRY_BUDGET = 8;

/** How long after a failure a cycle that has ended tries again to put back what it changed. */
const RESTORE_AGAIN_MS = 30_000;

/** How soon it is looked again whether a setting is as it was ordered. */
const LOOK_AGAIN_MS = 500;

export interface TurnPorts {
  readonly store: CycleStore;
  readonly fleet: Fleet;
  readonly environment: Environment;
  readonly clock: () => number;
  /** 0 ≤ x < 1; spreads retries. */
  readonly random: () => number;
  /** Asks whoever observes the environment to look now, since something was just ordered. */
  readonly refresh: (environmentId: string) => void;
}

/** When the next turn is due, or that the cycle needs none. One that only waits is no success: failures still count. */
export type NextTurn = { readonly at: number; readonly onlyWaits?: true } | 'over';

/**
 * One turn of a cycle: settle what is open, describe, plan, send what may be sent, remember. It waits for nothing but
 * its own calls, so a pause, an abort or a drain timeout is seen within one turn.
 */
export async function turn(fence: Fence, ports: TurnPorts, signal: AbortSignal): Promise<NextTurn> {
  const { store, clock } = ports;
  const cycle = await store.load(fence);
  if (cycle.state === 'paused') return 'over';
  if (cycle.retryAt !== null && cycle.retryAt > clock()) return { at: cycle.retryAt };
  try {
    const next = isActive(cycle.state)
      ? await new Turn(fence, cycle, ports, signal).take()
      : await restoreAfterEnd(fence, cycle, ports, signal);
    const onlyWaits = next !== 'over' && next.onlyWaits === true;
    if (cycle.retries > 0 && !onlyWaits) await store.backOff(fence, 0, null);
    return next;
  } catch (error) {
    signal.throwIfAborted();
    if (isDomainError(error) && error.code === 'LEASE_LOST') throw error;
    return await recover(fence, cycle, ports, error);
  }
}

/**
 * A cycle that ended while its back end could not be reached puts back what it has changed, as soon as that is possible.
 * It never keeps its lease: whether there is more to do is seen by whoever looks for work next.
 */
async function restoreAfterEnd(
  fence: Fence,
  cycle: CycleRecord,
  ports: TurnPorts,
  signal: AbortSignal,
): Promise<NextTurn> {
  const cluster = await ports.environment.describeCluster(cycle.clusterId, signal);
  await new SettingKeeper(fence, cycle, ports, signal).restore(cluster);
  return 'over';
}

/** A temporary failure is tried again later, more and more rarely; any other asks a person. */
async function recover(fence: Fence, cycle: CycleRecord, ports: TurnPorts, error: unknown): Promise<NextTurn> {
  const message = error instanceof Error ? error.message : String(error);
  const clusterIsGone = isDomainError(error) && error.code === 'CLUSTER_UNKNOWN';
  if (clusterIsGone) await ports.store.noteSettings(fence, await ports.store.restores(cycle.id), 'gone');
  if (!isActive(cycle.state)) {
    if (!clusterIsGone) await ports.store.backOff(fence, cycle.retries + 1, ports.clock() + RESTORE_AGAIN_MS);
    return 'over';
  }
  if (clusterIsGone) {
    const reason = pauseReason('error', 'The cluster is gone.', 'Nothing can be done: the cycle has ended.');
    await ports.store.transition(fence, { from: cycle.state, to: 'failed', reason, summary: null });
    return 'over';
  }
  // What is not an error of ours is one of the database or of the program; either may pass.
  const passing = isTemporary(error) || !isDomainError(error);
  const retries = cycle.retries + 1;
  if (passing && retries <= RETRY_BUDGET) {
    const retryAt = ports.clock() + backOffMs(retries, ports.random());
    await ports.store.backOff(fence, retries, retryAt);
    return { at: retryAt };
  }
  const kind = passing ? 'budget-exhausted' : 'error';
  const sentence = passing ? `Failed ${retries} times in a row: ${message}` : `A call failed: ${message}`;
  await ports.store.backOff(fence, 0, null);
  // What a person has aborted is never paused, so that nobody can resume it.
  const to = cycle.state === 'aborting' ? 'failed' : 'paused';
  const next = to === 'failed' ? 'Look at what remains, and preview again.' : 'Mend the cause, then resume; or abort.';
  await ports.store.transition(fence, {
    from: cycle.state,
    to,
    reason: pauseReason(kind, sentence, next),
    summary: null,
  });
  return 'over';
}

interface Learned extends TurnFacts {
  /** Instances that were ordered back in service a moment ago. */
  readonly undraining: ReadonlySet<string>;
}

class Turn {
  readonly #fence: Fence;
  readonly #cycle: CycleRecord;
  readonly #ports: TurnPorts;
  readonly #signal: AbortSignal;
  readonly #settings: SettingKeeper;

  constructor(fence: Fence, cycle: CycleRecord, ports: TurnPorts, signal: AbortSignal) {
    this.#fence = fence;
    this.#cycle = cycle;
    this.#ports = ports;
    this.#signal = signal;
    this.#settings = new SettingKeeper(fence, cycle, ports, signal);
  }

  async take(): Promise<NextTurn> {
    const { store, environment, clock } = this.#ports;
    // Before the read, so that its age is never understated.
    const readAt = clock();
    const cluster = await environment.describeCluster(this.#cycle.clusterId, this.#signal);
    const stop = await this.#whyNotGoOn(cluster, readAt);
    const facts = await this.#learn(cluster, readAt);
    if (stop !== null) return this.#pause(stop, facts, []);
    if (this.#cycle.state === 'approved') {
      if (!(await store.transition(this.#fence, { from: 'approved', to: 'running', reason: null, summary: null })))
        return soon(readAt);
      return soon(readAt);
    }
    const explained = explain(facts.ours, this.#plan.config, this.#plan.policy, readAt).tasks;
    const planned = explained.map(({ task }) => task);
    const open = await this.#openIntents();
    if (this.#cycle.state === 'aborting') return this.#abort(facts, open, explained);
    const reason = this.#reasonToPause(facts, planned) ?? (this.#cycle.state === 'pausing' ? this.#cycle.reason : null);
    const skips = this.#drainsToSkip(planned);
    for (const instanceId of skips) await store.skipInstance(this.#fence, instanceId);
    // The next turn sees them as skipped, and puts them back in service.
    if (skips.length > 0) return soon(readAt);
    if (this.#cycle.state === 'pausing' || reason !== null) return this.#pause(reason, facts, explained);
    const requests = wanted(explained, facts, this.#forced(facts));
    const prepared = await this.#settings.prepare(facts.ours, requests.flatMap(instanceOf));
    if (prepared !== 'done') return afterSettings(prepared, clock());
    const returning = this.#returning(facts);
    const back = returning.filter((id) => !facts.undraining.has(id)).map(undrain);
    const sent = await this.#send([...requests, ...back], facts, readAt);
    if (!sent && planned.length === 0 && open.length === 0 && returning.length === 0) return this.#complete(facts);
    await this.#report(facts, planned);
    return sent ? soon(clock()) : this.#next(planned, facts);
  }

  get #plan() {
    return this.#cycle.plan.body;
  }

  /** Under the lease: before the first intent the plan must be fresh, afterwards its target must still be the target. */
  async #whyNotGoOn(cluster: Cluster, now: number): Promise<PauseReason | null> {
    if (this.#cycle.state === 'aborting' || this.#cycle.state === 'pausing') return null;
    const record = await this.#ports.fleet.cluster(this.#cycle.clusterId);
    const { config, policy } = supposedPlanning(record, this.#plan.knobs);
    if (this.#cycle.startedAt !== null) {
      if (cluster.config !== this.#plan.cluster.config) {
        return pauseReason(
          'target-changed',
          'The configuration was changed after this cycle began.',
          'Abort and preview again; or put the configuration back and resume.',
        );
      }
      const sizes = ['targetSize', 'minSize', 'maxSize'] as const;
      const changed = sizes.filter((key) => config[key] !== this.#plan.config[key]);
      if (changed.length === 0) return null;
      return pauseReason(
        'constraints-changed',
        `The cluster's ${changed.join(', ')} changed after this cycle began.`,
        'Abort and preview again; or put the sizes back and resume.',
      );
    }
    if (this.#cycle.plan.expiresAt <= now) {
      return pauseReason('plan-stale', 'The plan expired before anything was done.', 'Abort and preview again.');
    }
    const explained = explainPlanning(cluster, { config, policy }, now);
    const basis = planBasis(cluster, config, policy, explained?.decisions ?? []);
    if (fingerprint(basis, sha256) === this.#cycle.plan.fingerprint) return null;
    const { changes } = staleness(
      { basis: this.#plan.basis, instances: this.#plan.cluster.instances },
      { basis, cluster },
    );
    const material = changes.filter((change) => change.material).map((change) => change.sentence);
    return pauseReason(
      'plan-stale',
      `The cluster changed after the approval: ${material.join('; ')}.`,
      'Abort and preview again.',
    );
  }

  /** Settles what can be settled, remembers what is new, and sees the cluster with the eyes of this cycle. */
  async #learn(cluster: Cluster, now: number): Promise<Learned> {
    const { store } = this.#ports;
    for (const intent of await this.#openIntents()) {
      // Both on the database's clock, the load before the read: a call that was out of time then can have no later effect.
      if (intent.deadline < this.#cycle.loadedAt)
        await store.settle(this.#fence, intent, settleByReading(intent, cluster));
    }
    const known = await store.instances(this.#cycle.id);
    const listed = new Set(cluster.instances.map((instance) => instance.id));
    const started = cluster.instances.filter((one) => isOwnToken(this.#cycle.id, one.token)).map((one) => one.id);
    const fresh = started.filter((id) => !known.some((member) => member.instanceId === id));
    const gone = known.filter((one) => one.goneAt === null && !listed.has(one.instanceId)).map((one) => one.instanceId);
    const failed = observedFailures(this.#cycle.id, cluster, known, now);
    const before = await store.failures(this.#cycle.id);
    const news = failed.filter(
      (one) => !before.some((old) => old.instanceId === one.instanceId && old.kind === one.kind),
    );
    if (news.length > 0) await store.recordFailures(this.#fence, news);
    if (fresh.length > 0 || gone.length > 0) await store.recordInstances(this.#fence, fresh, gone);
    const [members, failures, intents] = await Promise.all([
      store.instances(this.#cycle.id),
      store.failures(this.#cycle.id),
      store.recentIntents(this.#cycle.id, now - CONSISTENCY_MS),
    ]);
    const knowledge: CycleKnowledge = {
      cycleId: this.#cycle.id,
      plannedAt: new Map(this.#plan.cluster.instances.map((instance) => [instance.id, instance.createdAt])),
      members,
      intents,
      growth: Math.max(0, this.#plan.config.targetSize - this.#plan.cluster.instances.length),
      // Who resumes wants to go on. Without new time the drain that ran out would pause the cycle in the same second.
      drainsTimedFrom: this.#plan.policy.onDrainTimeout === 'pause' ? this.#cycle.resumedAt : null,
    };
    const undraining = intents.flatMap((intent) => (intent.kind === 'undrain' ? instanceOf(intent) : []));
    return {
      cycleId: this.#cycle.id,
      cluster,
      ours: asOurs(cluster, knowledge, now),
      members,
      failures,
      policy: this.#plan.policy,
      now,
      undraining: new Set(undraining),
    };
  }

  async #openIntents(): Promise<readonly Intent[]> {
    const intents = await this.#ports.store.recentIntents(this.#cycle.id, Number.MAX_SAFE_INTEGER / 2);
    return intents.filter((intent) => intent.outcome === 'pending' || intent.outcome === 'unknown');
  }

  /** Instances that a person wants terminated although they have not drained. */
  #forced(facts: TurnFacts): string[] {
    const forced = new Set(
      facts.members.filter((one) => one.forcedAt !== null && !one.skipped).map((one) => one.instanceId),
    );
    return facts.ours.instances
      .filter((one) => forced.has(one.id) && one.excluded === undefined && one.state !== 'terminating')
      .map((one) => one.id);
  }

  #reasonToPause(facts: TurnFacts, planned: readonly Task[]): PauseReason | null {
    return this.#failureReason(facts) ?? this.#holdReason(facts, planned);
  }

  #failureReason(facts: TurnFacts): PauseReason | null {
    const count = failureCount(facts.failures, facts.cluster, this.#cycle, facts.policy, facts.now);
    const kind = failuresPause(count, plannedMembers(facts.members).length, facts.policy);
    if (kind === null) return null;
    const open = facts.failures.filter((failure) => failure.at > (this.#cycle.resumedAt ?? 0));
    const evidence = open
      .slice(-3)
      .map((failure) => `${failure.instanceId}: ${failure.evidence}`)
      .join('; ');
    const what = kind === 'canary-failed' ? 'The canary failed' : `${count.total} instances failed`;
    return pauseReason(
      kind,
      `${what}. ${evidence}.`,
      'Look at the instances; then retry them, resume, or abort.',
      open.map((one) => one.instanceId),
    );
  }

  /** A hold without an end asks a person, unless the person has answered by ending every instance that it names. */
  #holdReason(facts: TurnFacts, planned: readonly Task[]): PauseReason | null {
    const hold = planned.find((task) => task.kind === 'hold');
    // What is ordered back in service changes the sums: nobody is asked before it is seen there.
    if (hold === undefined || hold.until !== null || this.#returning(facts).length > 0) return null;
    const forced = new Set(this.#forced(facts));
    const instanceIds = hold.instanceIds.filter((id) => !forced.has(id));
    const asksOfInstances = hold.reason === 'drain-timeout' || hold.reason === 'canary-unhealthy';
    const answered = asksOfInstances && instanceIds.length === 0;
    return answered ? null : holdReason(hold.reason, instanceIds, facts.cluster);
  }

  /** With the rule `skip`, drains that ran out of time go back in service where the back end can do that. */
  #drainsToSkip(planned: readonly Task[]): readonly string[] {
    const hold = planned.find((task) => task.kind === 'hold');
    if (hold?.reason !== 'drain-timeout' || this.#plan.policy.onDrainTimeout !== 'skip') return [];
    return this.#ports.environment.capabilities.undrain ? hold.instanceIds : [];
  }

  /** Skipped instances that drain still and can be put back in service. */
  #returning(facts: TurnFacts): readonly string[] {
    if (!this.#ports.environment.capabilities.undrain) return [];
    return facts.ours.instances
      .filter((one) => one.excluded === 'skipped' && one.state === 'draining')
      .map((one) => one.id);
  }

  /** Nothing new begins; what is under way ends: drained instances of ours are terminated, the rest is waited for. */
  async #finishInFlight(
    facts: TurnFacts,
    planned: readonly ExplainedTask[],
    except: readonly string[],
  ): Promise<boolean> {
    const drained = new Set(facts.ours.instances.filter((one) => one.state === 'drained').map((one) => one.id));
    const ends = planned.flatMap(({ task, because }): ExplainedTask[] =>
      task.kind === 'terminate'
        ? [{ task: { ...task, instanceIds: task.instanceIds.filter((id) => drained.has(id)) }, because }]
        : [],
    );
    await this.#send(wanted(ends, facts, this.#forced(facts)), facts, facts.now);
    const stuck = new Set(except);
    return facts.ours.instances.every(
      (one) => one.excluded !== undefined || one.state === 'started' || stuck.has(one.id),
    );
  }

  async #pause(reason: PauseReason | null, facts: TurnFacts, explained: readonly ExplainedTask[]): Promise<NextTurn> {
    const why = reason ?? pauseReason('person', 'A person asked for the pause.', 'Resume, or abort.');
    const { store } = this.#ports;
    const { state } = this.#cycle;
    const planned = explained.map(({ task }) => task);
    const quiet = await this.#finishInFlight(facts, explained, why.instanceIds);
    await this.#report(facts, planned);
    const to: CycleState = quiet ? 'paused' : 'pausing';
    const same = state === to && this.#cycle.reason?.sentence === why.sentence;
    if (!same) await store.transition(this.#fence, { from: state, to, reason: why, summary: null });
    return quiet ? 'over' : this.#next(planned, facts);
  }

  async #abort(facts: TurnFacts, open: readonly Intent[], explained: readonly ExplainedTask[]): Promise<NextTurn> {
    const { abortMode } = this.#cycle;
    const stopNow = abortMode !== 'finish-in-flight';
    const planned = explained.map(({ task }) => task);
    const stuck = planned.flatMap((task) =>
      task.kind === 'hold' && task.reason === 'drain-timeout' ? task.instanceIds : [],
    );
    const quiet = stopNow || (await this.#finishInFlight(facts, explained, stuck));
    await this.#report(facts, planned);
    if (!quiet || open.length > 0) return this.#next(planned, facts);
    const restored = await this.#settings.restore(facts.cluster);
    if (restored !== 'done') return afterSettings(restored, this.#ports.clock());
    const summary = cycleSummary(facts, ABORTED[abortMode ?? 'stop-now']);
    await this.#ports.store.transition(this.#fence, {
      from: 'aborting',
      to: abortMode === 'give-up' ? 'failed' : 'aborted',
      reason: this.#cycle.reason,
      summary,
    });
    return 'over';
  }

  async #complete(facts: TurnFacts): Promise<NextTurn> {
    await this.#report(facts, []);
    const restored = await this.#settings.restore(facts.cluster);
    if (restored !== 'done') return afterSettings(restored, this.#ports.clock());
    const skipped = facts.members.filter((member) => member.skipped).length;
    const summary = cycleSummary(facts, skipped > 0 ? `Completed, ${skipped} skipped` : 'Completed');
    const done = await this.#ports.store.transition(this.#fence, {
      from: this.#cycle.state,
      to: 'completed',
      reason: null,
      summary,
    });
    return done ? 'over' : soon(facts.now);
  }

  /** Writes the intents, then makes the calls at the same time, each result stored as it comes. */
  async #send(requests: readonly NewIntent[], facts: TurnFacts, readAt: number): Promise<boolean> {
    const { store, environment, clock } = this.#ports;
    const capacityLeaves = requests.filter((one) => leavesUndrained(one, facts.ours));
    const { withheld } = admit(facts.ours, capacityLeaves.flatMap(instanceOf), this.#plan.floor, facts.policy, readAt);
    const held = new Set(withheld);
    const admitted = requests.filter((one) => one.instanceId === null || !held.has(one.instanceId));
    if (admitted.length === 0) return false;
    const intended = await store.intend(this.#fence, this.#cycle.state, admitted);
    if (intended === null) return true;
    const sentAt = clock();
    const results = await Promise.allSettled(
      intended.intents.map(async (intent) => {
        if (sentAt - readAt > READ_LIMIT_MS && leavesUndrained(intent, facts.ours)) {
          return store.settle(this.#fence, intent, refused('the facts were too old when the call was to leave'));
        }
        return store.settle(this.#fence, intent, await this.#call(environment, intent, intended.remainingMs));
      }),
    );
    this.#ports.refresh(this.#cycle.environmentId);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return this.#judge(await store.recentIntents(this.#cycle.id, sentAt));
  }

  /** Never throws: what a call gave is a settlement. */
  async #call(environment: Environment, intent: Intent, remainingMs: number): Promise<Settlement> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(Math.max(1, remainingMs))]);
    const call: Call = { token: intent.token, deadline: intent.deadline, signal };
    try {
      await perform(environment, this.#cycle.clusterId, intent, call);
      return { outcome: 'done', settledBy: 'answer', error: null };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const temporary = isTemporary(error);
      // Only a refusal says for certain that nothing happened; anything else is found out by reading.
      const known = isDomainError(error) && error.code === 'ENVIRONMENT_THROTTLED';
      const fatal = isDomainError(error) && !temporary;
      return {
        outcome: known ? 'not-done' : fatal ? 'failed' : 'unknown',
        settledBy: 'answer',
        error: { message, temporary },
      };
    }
  }

  /** Throttled: back off. Refused: a person is asked. Otherwise the next turn comes at once. */
  async #judge(intents: readonly Intent[]): Promise<boolean> {
    // An instance that drained before it could be put back in service is seen off like any other.
    const failed = intents.find((intent) => intent.outcome === 'failed' && intent.kind !== 'undrain');
    if (failed !== undefined) {
      const what = failed.instanceId ?? `${failed.count} instances`;
      throw new DomainError('ENVIRONMENT_REFUSED', {
        environment: this.#ports.environment.name,
        operation: `${failed.kind} ${what}`,
        message: failed.token,
      });
    }
    if (intents.some((intent) => intent.outcome === 'not-done')) {
      throw new DomainError('ENVIRONMENT_THROTTLED', {
        environment: this.#ports.environment.name,
        operation: 'a call of this turn',
        retryAfterMs: 0,
      });
    }
    return true;
  }

  async #report(facts: TurnFacts, planned: readonly Task[]): Promise<void> {
    const point = capacity(facts.cluster, facts.policy, facts.now);
    await this.#ports.store.report(this.#fence, turnReport(facts, planned), point);
  }

  /** When something may be due although no fact changes: a hold ends, or a drain runs out of time. */
  #next(planned: readonly Task[], facts: TurnFacts): NextTurn {
    const { drainTimeoutMs } = this.#plan.config;
    const holds = planned.flatMap((task) => (task.kind === 'hold' && task.until !== null ? [task.until] : []));
    const drains = facts.ours.instances.flatMap((one) =>
      one.state === 'draining' && one.updatedAt !== null && drainTimeoutMs > 0 ? [one.updatedAt + drainTimeoutMs] : [],
    );
    const due = [...holds, ...drains].filter((time) => time > facts.now);
    return { at: Math.min(facts.now + TURN_LIMIT_MS, ...due.map((time) => time + TIMER_SLACK_MS)) };
  }
}

const ABORTED = {
  'finish-in-flight': 'Aborted, in-flight work finished',
  'stop-now': 'Stopped at once',
  'give-up': 'Given up',
} as const satisfies Record<AbortMode, string>;

function soon(now: number): NextTurn {
  return { at: now };
}

/** What was ordered is looked at at once; what may still take effect is waited for, seconds at most. */
function afterSettings(step: Exclude<SettingStep, 'done'>, now: number): NextTurn {
  return step === 'ordered' ? soon(now) : { at: now + LOOK_AGAIN_MS, onlyWaits: true };
}
