import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Instance } from '../../domain/cluster/cluster.ts';
import type { Call, Environment } from '../../domain/cycle/environment.ts';
import { type SettingChange, settingsToChange } from '../../domain/cycle/settings.ts';
import { isDomainError, isTemporary } from '../../domain/errors.ts';

const BEFORE = { autoscaling: 'active', closed: 'open', protection: 'none' } as const;

function keyOf({ name, instanceId }: SettingChange): string {
  return `${name} ${instanceId}`;
}

/** How instances drain: at once; after the work in progress is done; never by themselves. */
export type DrainPace = 'quick' | 'slow' | 'stuck';

/**
 * A back end of its own for one test, with two empty declared clusters (maximum size at least 10), and the ways to
 * make its world misbehave. Waiting is left to the back end, so that one on a simulated clock need not wait.
 */
export interface Rig {
  readonly environment: Environment;
  readonly clusterId: string;
  readonly clusterName: string;
  readonly otherClusterId: string;
  /** Now, on the clock that deadlines of calls are written in. */
  now(): number;
  /** Lets a moment pass in the back end's world. A state is expected after at most `patience` moments. */
  moment(): Promise<void>;
  readonly patience: number;
  /** Edits the declared spec of the first cluster and answers its new config; it stays startable. */
  changeSpec(): Promise<string>;
  /** How instances of both clusters that are started after this will drain. Quick at first. */
  setDrainPace(pace: DrainPace): Promise<void>;
  /** The next start takes full effect, and then its call rejects with a temporary error. */
  loseNextAnswer(): Promise<void>;
  /** The machine's program dies by itself; the machine stays listed until it is terminated. */
  killInstance(id: string): Promise<void>;
  /** The machine is taken away behind our back and is no longer listed. */
  removeInstance(id: string): Promise<void>;
  /** Ends everything. Answers what it could not end: processes, connections, rows. */
  close(): Promise<readonly string[]>;
}

/** What every back end must hold, run as tests on it. Call it at the top of an `*.itest.ts`. */
export function environmentConformance(name: string, setup: () => Promise<Rig>): void {
  describe(`${name} conforms to Environment`, () => {
    let rig: Rig;
    let environment: Environment;
    let calls = 0;

    beforeEach(async () => {
      rig = await setup();
      environment = rig.environment;
    });
    afterEach(async () => {
      expect(await rig.close()).toEqual([]);
    });

    const never = new AbortController().signal;
    const call = (overrides: Partial<Call> = {}): Call => ({
      token: `cycle/${++calls}/1`,
      deadline: rig.now() + 20_000,
      signal: never,
      ...overrides,
    });
    const look = async (clusterId = rig.clusterId): Promise<readonly Instance[]> =>
      (await environment.describeCluster(clusterId, never)).instances;
    const idsOf = (instances: readonly Instance[]) => instances.map(({ id }) => id);

    /** Looks again and again until the cluster is as wanted. */
    async function until(wanted: (instances: readonly Instance[]) => boolean, clusterId = rig.clusterId) {
      let instances = await look(clusterId);
      for (let moments = 0; !wanted(instances) && moments < rig.patience; moments++) {
        await rig.moment();
        instances = await look(clusterId);
      }
      expect(instances, 'the state that was waited for').toSatisfy(wanted);
      return instances;
    }
    const allAre = (state: Instance['state']) => (instances: readonly Instance[]) =>
      instances.every((instance) => instance.state === state);
    const inService = (instances: readonly Instance[]) =>
      instances.every(({ state, health }) => state === 'started' && health === 'healthy');

    /** Starts instances, waits for them to be in service and answers their ids. */
    async function started(count: number, pace: DrainPace = 'quick'): Promise<readonly string[]> {
      await rig.setDrainPace(pace);
      await environment.startInstances(rig.clusterId, count, call());
      const instances = await until((seen) => seen.length === count && inService(seen));
      return idsOf(instances);
    }
    async function one(pace: DrainPace = 'quick'): Promise<string> {
      const [id = ''] = await started(1, pace);
      return id;
    }
    const stateOf = (id: string, state: Instance['state']) => (instances: readonly Instance[]) =>
      instances.some((instance) => instance.id === id && instance.state === state);
    const isGone = (id: string) => (instances: readonly Instance[]) => !idsOf(instances).includes(id);

    test('an unknown cluster is CLUSTER_UNKNOWN, by id, by name and for a start', async () => {
      const unknown = { code: 'CLUSTER_UNKNOWN' };
      await expect(environment.lookupClusterId('no-such-cluster', never)).rejects.toMatchObject(unknown);
      await expect(environment.describeCluster('no-such-cluster', never)).rejects.toMatchObject(unknown);
      await expect(environment.startInstances('no-such-cluster', 1, call())).rejects.toMatchObject(unknown);
    });

    test('a cluster is found by its name, and has no instances at first', async () => {
      expect(await environment.lookupClusterId(rig.clusterName, never)).toBe(rig.clusterId);
      const cluster = await environment.describeCluster(rig.clusterId, never);
      expect(cluster).toMatchObject({ id: rig.clusterId, name: rig.clusterName, instances: [] });
    });

    test('what is started carries its token and the config, and comes into service', async () => {
      const order = call();
      await environment.startInstances(rig.clusterId, 3, order);
      const { config, instances } = await environment.describeCluster(rig.clusterId, never);
      expect(instances).toHaveLength(3);
      for (const instance of instances) expect(instance).toMatchObject({ token: order.token, config });
      const [first] = await until(inService);
      expect(first?.createdAt).toEqual(expect.any(Number));
      expect(first?.healthySince).toBeGreaterThanOrEqual(first?.createdAt ?? Number.NaN);
    });

    test('instances come in the order of creation, then id, at every look', async () => {
      await environment.startInstances(rig.clusterId, 3, call());
      await rig.moment();
      await environment.startInstances(rig.clusterId, 3, call());
      const instances = await look();
      const sorted = [...instances].sort((a, b) => Number(a.createdAt) - Number(b.createdAt) || (a.id < b.id ? -1 : 1));
      expect(instances).toHaveLength(6);
      expect(idsOf(instances)).toEqual(idsOf(sorted));
      expect(idsOf(await until(inService))).toEqual(idsOf(instances));
    });

    test('only the instances of the cluster are listed', async () => {
      await Promise.all([
        environment.startInstances(rig.clusterId, 1, call()),
        environment.startInstances(rig.otherClusterId, 2, call()),
      ]);
      const [own, other] = [idsOf(await look()), idsOf(await look(rig.otherClusterId))];
      expect([own.length, other.length]).toEqual([1, 2]);
      expect(other).not.toContain(own[0]);
    });

    test('after a change of the spec, what runs is outdated and what is started is not', async () => {
      const old = await one();
      const config = await rig.changeSpec();
      await environment.startInstances(rig.clusterId, 1, call());
      const cluster = await environment.describeCluster(rig.clusterId, never);
      expect(cluster.config).toBe(config);
      expect(cluster.instances.map((instance) => [instance.id === old, instance.config === config])).toEqual([
        [true, false],
        [false, true],
      ]);
    });

    test('one token counts once, in series', async () => {
      const order = call();
      await environment.startInstances(rig.clusterId, 2, order);
      await environment.startInstances(rig.clusterId, 2, order);
      expect(await look()).toHaveLength(2);
    });

    test('one token counts once, concurrently', async () => {
      const order = call();
      await Promise.all(Array.from({ length: 4 }, () => environment.startInstances(rig.clusterId, 2, order)));
      expect(await look()).toHaveLength(2);
      await until(inService);
    });

    test('one token counts once after a lost answer', async () => {
      const order = call();
      await rig.loseNextAnswer();
      await expect(environment.startInstances(rig.clusterId, 2, order)).rejects.toSatisfy(isTemporary);
      expect(await look()).toHaveLength(2);
      await environment.startInstances(rig.clusterId, 2, order);
      expect(await look()).toHaveLength(2);
    });

    test('one token counts once after its instances have been terminated', async () => {
      const order = call();
      await environment.startInstances(rig.clusterId, 2, order);
      const ids = idsOf(await until(inService));
      await environment.terminateInstances(ids, call());
      await until((instances) => instances.length === 0);
      await environment.startInstances(rig.clusterId, 2, order);
      expect(await look()).toEqual([]);
    });

    test('different tokens count each, concurrently', async () => {
      await Promise.all([1, 2, 3].map(() => environment.startInstances(rig.clusterId, 2, call())));
      const instances = await look();
      expect(instances).toHaveLength(6);
      expect(new Set(instances.map(({ token }) => token)).size).toBe(3);
    });

    test('calls of every kind may run at once', async () => {
      const [first = '', second = ''] = await started(3);
      await Promise.all([
        environment.startInstances(rig.clusterId, 1, call()),
        environment.drainInstances([first], call()),
        environment.terminateInstances([second], call()),
        ...Array.from({ length: 5 }, () => look()),
      ]);
      await until(
        (instances) => instances.length === 3 && stateOf(first, 'drained')(instances) && isGone(second)(instances),
      );
    });

    test('a drain is observed: draining since when, drained, and listed until it is terminated', async () => {
      const id = await one('slow');
      const ordered = rig.now();
      await environment.drainInstances([id], call());
      const [draining] = await until(stateOf(id, 'draining'));
      expect(draining?.updatedAt).toBeGreaterThanOrEqual(ordered - 1_000);
      await environment.drainInstances([id], call());
      const [again] = await look();
      if (again?.state === 'draining') expect(again.updatedAt).toBe(draining?.updatedAt);
      await environment.waitInstances('drained', [id], AbortSignal.timeout(20_000));
      await until(stateOf(id, 'drained'));
      await environment.terminateInstances([id], call());
      await until(isGone(id));
    });

    test('an instance with nothing to do drains at once', async () => {
      const id = await one('quick');
      await environment.drainInstances([id], call());
      await until(stateOf(id, 'drained'));
    });

    test('settings are set all together, twice without harm, and for the named instances only', async () => {
      const [first = '', second = ''] = await started(2);
      const { close, suspend, unprotect } = environment.capabilities;
      const change = environment.changeSettings?.bind(environment);
      if (change === undefined) {
        expect([close, suspend ?? false, unprotect ?? false]).toEqual([false, false, false]);
        return;
      }
      const wishes: readonly SettingChange[] = [
        ...(suspend ? [{ name: 'autoscaling', instanceId: null, value: 'suspended' } as const] : []),
        ...(close ? [{ name: 'closed', instanceId: first, value: 'closed' } as const] : []),
        ...(unprotect ? [{ name: 'protection', instanceId: first, value: 'protected' } as const] : []),
        { name: 'closed', instanceId: 'gone-long-ago', value: 'closed' },
      ];
      const before = await environment.describeCluster(rig.clusterId, never);
      for (const order of [call(), call()]) await change(rig.clusterId, wishes, order);
      const during = await environment.describeCluster(rig.clusterId, never);
      expect(settingsToChange(during, [first], [], environment.capabilities, {}).map(keyOf)).toEqual(
        unprotect ? [`protection ${first}`] : [],
      );
      if (suspend) expect(during.autoscaling).toBe('suspended');
      if (close) expect(during.instances.find(({ id }) => id === first)?.closed).toBe(true);
      expect(during.instances.find(({ id }) => id === second)).toEqual(
        before.instances.find(({ id }) => id === second),
      );
      await change(
        rig.clusterId,
        wishes.map((wish) => ({ ...wish, value: BEFORE[wish.name] })),
        call(),
      );
      expect(await environment.describeCluster(rig.clusterId, never)).toEqual(before);
    });

    test('settings that are to be set after the deadline are not', async () => {
      const change = environment.changeSettings?.bind(environment);
      if (change === undefined) return;
      const id = await one();
      const wish = { name: 'closed', instanceId: id, value: 'closed' } as const;
      const late = { code: 'CALL_DEADLINE' };
      await expect(change(rig.clusterId, [wish], call({ deadline: rig.now() - 1 }))).rejects.toMatchObject(late);
      expect((await look()).some((instance) => instance.closed)).toBe(false);
    });

    test('undrain puts a draining instance back in service, where the back end can', async () => {
      const id = await one('stuck');
      await environment.drainInstances([id], call());
      await until(stateOf(id, 'draining'));
      if (!environment.capabilities.undrain) {
        expect(environment.undrainInstances).toBeUndefined();
        return;
      }
      await environment.undrainInstances?.([id], call());
      await until(inService);
      await environment.drainInstances([id], call());
      await until(stateOf(id, 'draining'));
    });

    test('a stuck drain stays draining, and can be terminated', async () => {
      const id = await one('stuck');
      await environment.drainInstances([id], call());
      await until(stateOf(id, 'draining'));
      for (let moments = 0; moments < 5; moments++) await rig.moment();
      expect(await look()).toSatisfy(stateOf(id, 'draining'));
      await environment.terminateInstances([id], call());
      await until(isGone(id));
    });

    test('a machine that dies while draining is drained', async () => {
      const id = await one('stuck');
      await environment.drainInstances([id], call());
      await until(stateOf(id, 'draining'));
      await rig.killInstance(id);
      await until(stateOf(id, 'drained'));
    });

    test('a machine that dies in service stays listed, started and unhealthy, until it is terminated', async () => {
      const id = await one();
      await rig.killInstance(id);
      const [dead] = await until(([instance]) => instance?.health === 'unhealthy');
      expect(dead).toMatchObject({ id, state: 'started', healthySince: null });
      await environment.terminateInstances([id], call());
      await until(isGone(id));
    });

    test('an instance that vanishes in the middle fails no call and holds up no other instance', async () => {
      const [vanished = '', other = ''] = await started(2);
      await rig.removeInstance(vanished);
      await until(isGone(vanished));
      await environment.drainInstances([vanished, other], call());
      await until(stateOf(other, 'drained'));
      await environment.waitInstances('drained', [vanished, other], AbortSignal.timeout(20_000));
      await environment.terminateInstances([vanished, other], call());
      await until((instances) => instances.length === 0);
    });

    test('draining or terminating what was terminated is no error, however often', async () => {
      const id = await one();
      await Promise.all([environment.terminateInstances([id], call()), environment.terminateInstances([id], call())]);
      await until(isGone(id));
      await environment.terminateInstances([id], call());
      await environment.drainInstances([id], call());
      await environment.waitInstances('terminated', [id], AbortSignal.timeout(20_000));
      expect(await look()).toEqual([]);
    });

    test('an id that never was is INSTANCE_UNKNOWN, or as good as gone, and holds up no other instance', async () => {
      const id = await one();
      const outcome = (request: Promise<void>) =>
        request.then(
          () => 'as good as gone',
          (error: unknown) => (isDomainError(error) ? error.code : error),
        );
      const drained = await outcome(environment.drainInstances(['no-such-instance', id], call()));
      expect(drained).toBeOneOf(['INSTANCE_UNKNOWN', 'as good as gone']);
      await until(stateOf(id, 'drained'));
      expect(await outcome(environment.terminateInstances(['no-such-instance', id], call()))).toBe(drained);
      await until(isGone(id));
    });

    test('a call that is cancelled or late before it begins has no effect', async () => {
      const id = await one();
      const tooLate = [call({ signal: AbortSignal.abort() }), call({ deadline: rig.now() - 1 })];
      for (const order of tooLate) {
        const deadline = { code: 'CALL_DEADLINE', details: { token: order.token } };
        await expect(environment.startInstances(rig.clusterId, 1, order)).rejects.toMatchObject(deadline);
        await expect(environment.drainInstances([id], order)).rejects.toMatchObject(deadline);
        await expect(environment.terminateInstances([id], order)).rejects.toMatchObject(deadline);
      }
      for (let moments = 0; moments < 3; moments++) await rig.moment();
      const instances = await look();
      expect(idsOf(instances)).toEqual([id]);
      expect(instances).toSatisfy(allAre('started'));
    });

    test('a start that is cancelled in the middle has no later effect, and its token still counts once', async () => {
      const controller = new AbortController();
      const order = call({ signal: controller.signal });
      const start = environment.startInstances(rig.clusterId, 6, order);
      setTimeout(() => controller.abort(), 5);
      await start.catch((error: unknown) => expect(error).toMatchObject({ code: 'CALL_DEADLINE' }));
      await rig.moment();
      const at = await look();
      for (let moments = 0; moments < 5; moments++) await rig.moment();
      expect(idsOf(await look())).toEqual(idsOf(at));
      await environment.startInstances(rig.clusterId, 6, { ...order, signal: never });
      expect(await look()).toHaveLength(6);
      await until(inService);
    });

    test('a read or a wait that is cancelled rejects', async () => {
      const id = await one('stuck');
      await expect(environment.describeCluster(rig.clusterId, AbortSignal.abort())).rejects.toBeDefined();
      await expect(environment.waitInstances('drained', [id], AbortSignal.timeout(50))).rejects.toBeDefined();
    });
  });
}
