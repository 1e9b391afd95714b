import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SimulatorSettings, simulatorSettingsSchema } from '../../../contract/simulator-settings.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { type Spec, TAGS } from '../../../domain/instance/plugin.ts';
import { createDatabase } from '../../postgres/database.ts';
import type { PrismaClient } from '../../postgres/generated/client.ts';
import { createTestDatabase, type TestDatabase } from '../../postgres/test-database.ts';
import type { Fault } from './chance.ts';
import { judge } from './judge.ts';
import { readCallLog } from './read-call-log.ts';
import { seedSimulatedCluster } from './seed-cluster.ts';
import { SimulatorPlugin } from './simulator-plugin.ts';
import { SimulatorWorld } from './simulator-world.ts';

let tested: TestDatabase;
/** Another process as far as the database can tell: it shares nothing with `tested.database`. */
let elsewhere: PrismaClient;
beforeAll(async () => {
  tested = await createTestDatabase();
  elsewhere = createDatabase(tested.url);
});
afterAll(async () => {
  await elsewhere.$disconnect();
  await tested.drop();
});

const never = new AbortController().signal;
const calm = simulatorSettingsSchema.parse({
  startMs: [100, 100],
  drainMs: [100, 100],
  terminateMs: [100, 100],
  workloads: [1, 1],
});
const CLUSTER = 'c';

let environmentId = '';
let environments = 0;
/** The world's clock, where a test does not use the database's. */
let now = 0;
let calls = 0;
beforeEach(() => {
  environments += 1;
  environmentId = `environment-${environments}`;
  now = Date.now();
  calls = 0;
});

const call = (changes: Partial<Call> = {}): Call => {
  calls += 1;
  return { token: `cycle/${calls}/1`, deadline: now + 10_000, signal: never, ...changes };
};
const spec = (logicalId: string | null, tags: Record<string, string> = {}): Spec => ({
  properties: { image: 'checkout-api:1.4' },
  tags: { [TAGS.cluster]: CLUSTER, ...tags },
  init: '',
  logicalId,
  attachments: [],
});
const simulator = (options: Partial<ConstructorParameters<typeof SimulatorPlugin>[0]> = {}) =>
  new SimulatorPlugin({
    database: tested.database,
    environmentId,
    name: 'simulated',
    settings: calm,
    clock: () => now,
    ...options,
  });
const log = () => readCallLog(tested.database, environmentId);
const listed = (plugin: SimulatorPlugin) => plugin.describeInstances({ [TAGS.cluster]: CLUSTER }, false, never);
const stateOf = async (plugin: SimulatorPlugin, id: string) => (await plugin.status([id], never)).get(id)?.state;

/** `count` machines in service. */
async function provisioned(plugin: SimulatorPlugin, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let ordinal = 1; ordinal <= count; ordinal++) ids.push(await plugin.provision(spec(`first#${ordinal}`), call()));
  now += 100;
  return ids;
}
const first = ([id]: readonly string[]): string => {
  if (id === undefined) throw new Error('no machine');
  return id;
};

describe('a machine', () => {
  test('lives from start to end as the clock goes on, and every process sees it', async () => {
    const plugin = simulator();
    const other = simulator({ database: elsewhere });
    const id = await plugin.provision(spec('a', { colour: 'blue' }), call());
    expect(await stateOf(other, id)).toBe('starting');
    now += 100;
    expect((await other.status([id], never)).get(id)).toMatchObject({
      state: 'started',
      health: 'healthy',
      healthySince: now,
    });
    expect(await other.describeInstances({ [TAGS.cluster]: CLUSTER, colour: 'blue' }, true, never)).toEqual([
      {
        id,
        logicalId: 'a',
        tags: { [TAGS.cluster]: CLUSTER, colour: 'blue' },
        properties: { image: 'checkout-api:1.4' },
      },
    ]);
    expect(await other.describeInstances({ [TAGS.cluster]: CLUSTER, colour: 'red' }, true, never)).toEqual([]);

    await other.drain(id, call());
    expect((await plugin.status([id], never)).get(id)).toMatchObject({ state: 'draining', drainingSince: now });
    now += 100;
    expect(await stateOf(plugin, id)).toBe('drained');
    await other.destroy(id, 'rolling_update', call());
    expect(await stateOf(plugin, id)).toBe('terminating');
    now += 100;
    expect(await plugin.status([id], never)).toEqual(new Map());
    expect(await listed(plugin)).toEqual([]);
  });

  test('is the same one for a logical id, in series, at once, from two processes, and after it has gone', async () => {
    const plugins = [simulator(), simulator({ database: elsewhere })];
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (plugins[index % 2] ?? simulator()).provision(spec('a'), call({ token: 'cycle/1/1' })),
      ),
    );
    expect(new Set(ids).size).toBe(1);
    expect((await log()).map(({ effect }) => effect)).toEqual([true, ...Array.from({ length: 19 }, () => false)]);
    await simulator().destroy(first(ids), 'terminate', call());
    now += 24 * 3_600_000;
    expect(await simulator().provision(spec('a'), call())).toBe(first(ids));
    expect(await listed(simulator())).toEqual([]);
  });

  test('without a logical id is another one each time', async () => {
    const plugin = simulator();
    expect(await plugin.provision(spec(null), call())).not.toBe(await plugin.provision(spec(null), call()));
  });

  test('belongs to its environment alone', async () => {
    const id = await simulator().provision(spec('a'), call());
    const stranger = simulator({ environmentId: `${environmentId}-other` });
    expect(await stranger.status([id], never)).toEqual(new Map());
    await expect(stranger.destroy(id, 'terminate', call())).rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' });
    expect(await stranger.provision(spec('a'), call())).not.toBe(id);
  });

  test('gets labels, but stays in its cluster', async () => {
    const plugin = simulator();
    const id = await plugin.provision(spec('a', { colour: 'blue' }), call());
    await plugin.label(id, { colour: 'red', size: 'large' }, never);
    expect(await listed(plugin)).toMatchObject([{ tags: { [TAGS.cluster]: CLUSTER, colour: 'red', size: 'large' } }]);
    await expect(plugin.label(id, { [TAGS.cluster]: 'other' }, never)).rejects.toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
    });
    await expect(plugin.label('nobody', {}, never)).rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' });
  });

  test('is refused where its spec is not an object', async () => {
    await expect(simulator().validate('checkout-api', never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(simulator().provision({ ...spec('a'), properties: [] }, call())).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await log()).toEqual([]);
  });
});

describe('orders', () => {
  test('given twice, or for a machine that has gone, are harmless and have no effect', async () => {
    const plugin = simulator();
    const id = first(await provisioned(plugin, 1));
    await plugin.drain(id, call());
    await plugin.drain(id, call());
    await plugin.destroy(id, 'terminate', call());
    await plugin.destroy(id, 'terminate', call());
    await plugin.drain(id, call());
    now += 100;
    await plugin.destroy(id, 'terminate', call());
    now += 24 * 3_600_000;
    await plugin.drain(id, call());
    expect((await log()).map(({ operation, effect }) => `${operation} ${effect}`)).toEqual([
      'provision true',
      'drain true',
      'drain false',
      'destroy true',
      'destroy false',
      'drain false',
      'destroy false',
      'drain false',
    ]);
  });

  test('for a machine that never was are INSTANCE_UNKNOWN', async () => {
    const plugin = simulator();
    const unknown = { code: 'INSTANCE_UNKNOWN', temporary: false };
    await expect(plugin.drain('x', call())).rejects.toMatchObject(unknown);
    await expect(plugin.undrain('x', call())).rejects.toMatchObject(unknown);
    await expect(plugin.destroy('x', 'terminate', call())).rejects.toMatchObject(unknown);
    expect((await log()).map(({ answer }) => answer)).toEqual(['refused', 'refused', 'refused']);
  });

  test('a protected machine is not destroyed before its protection is lifted', async () => {
    const plugin = simulator();
    const id = first(await provisioned(plugin, 1));
    await plugin.changeSettings(CLUSTER, [{ name: 'protection', instanceId: id, value: 'protected' }], call());
    const refused = { code: 'ENVIRONMENT_REFUSED', temporary: false };
    await expect(plugin.destroy(id, 'rolling_update', call())).rejects.toMatchObject(refused);
    expect(await stateOf(plugin, id)).toBe('started');
    await plugin.changeSettings(CLUSTER, [{ name: 'protection', instanceId: id, value: 'none' }], call());
    await plugin.destroy(id, 'rolling_update', call());
    expect(await stateOf(plugin, id)).toBe('terminating');
  });

  test('undrain brings a draining machine back, and not a drained one', async () => {
    const plugin = simulator();
    const id = first(await provisioned(plugin, 1));
    await plugin.undrain(id, call());
    await plugin.drain(id, call());
    await plugin.undrain(id, call());
    expect(await stateOf(plugin, id)).toBe('started');
    await plugin.drain(id, call());
    now += 100;
    await expect(plugin.undrain(id, call())).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED' });
    expect(await stateOf(plugin, id)).toBe('drained');
  });
});

describe('faults', () => {
  const struck = (fault: Fault) => {
    const world = new SimulatorWorld(tested.database, environmentId);
    world.strikeNext(fault);
    return simulator({ fault: world.fault });
  };

  test('a throttled call has no effect, and its repetition gets through', async () => {
    const plugin = struck('throttled');
    const same = call();
    await expect(plugin.provision(spec('a'), same)).rejects.toMatchObject({
      code: 'ENVIRONMENT_THROTTLED',
      temporary: true,
    });
    expect(await listed(plugin)).toEqual([]);
    await plugin.provision(spec('a'), same);
    expect(await listed(plugin)).toHaveLength(1);
    expect((await log()).map(({ answer, effect }) => [answer, effect])).toEqual([
      ['throttled', false],
      ['ok', true],
    ]);
  });

  test('a call whose answer is lost took effect, and its repetition answers', async () => {
    const plugin = struck('lost-answer');
    const same = call();
    await expect(plugin.provision(spec('a'), same)).rejects.toMatchObject({
      code: 'ENVIRONMENT_UNAVAILABLE',
      temporary: true,
    });
    const [lost] = await listed(plugin);
    expect(await plugin.provision(spec('a'), same)).toBe(lost?.id);
    expect((await log()).map(({ answer, effect }) => [answer, effect])).toEqual([
      ['lost-answer', true],
      ['ok', false],
    ]);
  });

  test('a late answer comes after the deadline; the effect came before', async () => {
    const plugin = simulator({ clock: undefined, fault: () => 'late-answer' });
    const deadline = Date.now() + 300;
    await plugin.provision(spec('a'), call({ deadline }));
    expect(Date.now()).toBeGreaterThan(deadline);
    const [logged] = await log();
    expect(logged).toMatchObject({ answer: 'late-answer', effect: true });
    expect(logged?.at).toBeLessThanOrEqual(deadline);
  });

  test('nobody who gave up has to wait for a late answer', async () => {
    const plugin = struck('late-answer');
    const giveUp = new AbortController();
    const answered = plugin.provision(spec('a'), call({ signal: giveUp.signal, deadline: now + 3_600_000 }));
    const refused = expect(answered).rejects.toThrow('gave up');
    while ((await log()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort(new Error('gave up'));
    await refused;
    expect(await listed(plugin)).toHaveLength(1);
  });

  test('that are drawn are the same in every run, and whoever repeats a call gets through', async () => {
    const faulty: SimulatorSettings = { ...calm, faults: { ...calm.faults, throttling: 0.4, lostAnswer: 0.4 } };
    const run = async (of: string) => {
      const plugin = simulator({ environmentId: of, settings: faulty });
      for (let ordinal = 1; ordinal <= 12; ordinal++) {
        const same = call({ token: `cycle/1/${ordinal}` });
        for (let attempt = 0; attempt < 4; attempt++) {
          const answered = await plugin.provision(spec(`${same.token}#1`), same).then(
            () => true,
            () => false,
          );
          if (answered) break;
        }
      }
      expect(await listed(plugin)).toHaveLength(12);
      const calls = await readCallLog(tested.database, of);
      return calls.map(({ token, answer, effect }) => `${token} ${answer} ${effect}`);
    };
    const [one, two] = [await run(environmentId), await run(`${environmentId}-again`)];
    expect(two).toEqual(one);
    expect(one.length).toBeGreaterThan(20);
  });
});

describe('a call that comes too late has no effect', () => {
  const nothing = async (plugin: SimulatorPlugin) => {
    expect(await listed(plugin)).toEqual([]);
    expect(await log()).toEqual([]);
  };

  test('when its deadline has passed', async () => {
    const plugin = simulator();
    await expect(plugin.provision(spec('a'), call({ deadline: now - 1 }))).rejects.toMatchObject({
      code: 'CALL_DEADLINE',
    });
    await nothing(plugin);
  });

  test('when it was cancelled', async () => {
    const plugin = simulator();
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(plugin.provision(spec('a'), call({ signal }))).rejects.toThrow('cancelled');
    await nothing(plugin);
  });

  test('when the deadline passes while another call holds the cluster', async () => {
    const plugin = simulator({ clock: undefined });
    const deadline = Date.now() + 300;
    let refused = Promise.resolve();
    await elsewhere.$transaction(async (tx) => {
      const name = `simulator/${environmentId}/${CLUSTER}`;
      await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
      refused = expect(plugin.provision(spec('a'), call({ deadline }))).rejects.toMatchObject({
        code: 'CALL_DEADLINE',
      });
      while (Date.now() <= deadline) await tx.$executeRaw`select pg_sleep(0.02)`;
    });
    await refused;
    await nothing(plugin);
  });

  test('when its process stands still in the middle of it: the database gives it up', async () => {
    const still = () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
      return null;
    };
    const plugin = simulator({ clock: undefined, fault: still });
    const answered = plugin.provision(spec('a'), call({ deadline: Date.now() + 300 }));
    await expect(answered).rejects.toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE', temporary: true });
    await nothing(plugin);
  });

  test('when the deadline passes between its effect and its end: the effect is taken back', async () => {
    let looks = 0;
    const hurried = simulator({ clock: () => now + 1_000 * looks++ });
    const answered = hurried.provision(spec('a'), call({ deadline: now + 1_500 }));
    await expect(answered).rejects.toMatchObject({ code: 'CALL_DEADLINE' });
    expect(looks).toBe(3);
    await nothing(simulator());
  });
});

describe('the call log', () => {
  test('holds the cluster before each call, one call after the other', async () => {
    const plugin = simulator();
    const other = simulator({ database: elsewhere });
    const ids = await provisioned(plugin, 6);
    await Promise.all(ids.map((id, index) => (index % 2 ? plugin : other).drain(id, call())));
    const drains = (await log()).filter(({ operation }) => operation === 'drain');
    expect(drains.map(({ inService }) => inService)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(drains.map(({ detail }) => detail.counts.draining)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(drains[0]?.detail).toMatchObject({
      size: 6,
      machine: { state: 'started', health: 'healthy', inService: true },
    });
    expect(new Set(drains.map(({ instanceId }) => instanceId))).toEqual(new Set(ids));
  });

  test('says what the world took away, and the judge excuses it', async () => {
    const plugin = simulator();
    const world = new SimulatorWorld(tested.database, environmentId);
    const ids = await provisioned(plugin, 4);
    const [dies, goes, drained, late] = ids;
    if (!dies || !goes || !drained || !late) throw new Error('four machines');
    await world.kill(dies, now);
    await world.remove(goes, now);
    now += 5_000;
    await plugin.drain(drained, call());
    now += 6_000;
    await plugin.drain(late, call());
    const verdict = judge(await log(), new Map([[CLUSTER, { floor: 3, max: 4 }]]), []);
    expect(verdict.excused).toMatchObject([{ instanceId: drained }]);
    expect(verdict.breaches).toMatchObject([{ instanceId: late }]);
    expect(verdict).toMatchObject({ duplicates: [], ceilingBreaches: [], lateEffects: [] });
    expect((await plugin.status([dies], never)).get(dies)).toMatchObject({ state: 'started', health: 'unhealthy' });
    expect(await stateOf(plugin, goes)).toBeUndefined();
  });
});

describe('seeding', () => {
  test('makes a cluster with a past, of which the log knows nothing', async () => {
    const ids = await seedSimulatedCluster({
      database: tested.database,
      environmentId,
      clusterId: CLUSTER,
      settings: calm,
      now,
      groups: [
        { count: 3, config: 'v1', spec: { image: 'a:1' }, condition: 'healthy', ageMs: [86_400_000, 2 * 86_400_000] },
        {
          count: 1,
          config: 'v1',
          spec: { image: 'a:1' },
          condition: 'healthy',
          ageMs: [86_400_000, 86_400_000],
          protection: 'protected',
        },
        { count: 1, config: 'v2', spec: { image: 'a:2' }, condition: 'unhealthy', ageMs: [3_600_000, 3_600_000] },
        { count: 1, config: 'v1', spec: { image: 'a:1' }, condition: 'draining', ageMs: [3_600_000, 3_600_000] },
      ],
    });
    const facts = await simulator().status(ids, never);
    expect(ids.map((id) => facts.get(id)?.state)).toEqual([
      'started',
      'started',
      'started',
      'started',
      'started',
      'draining',
    ]);
    expect(ids.map((id) => facts.get(id)?.health)).toEqual([
      'healthy',
      'healthy',
      'healthy',
      'healthy',
      'unhealthy',
      'healthy',
    ]);
    expect(ids.map((id) => facts.get(id)?.protection)).toEqual([
      undefined,
      undefined,
      undefined,
      'protected',
      undefined,
      undefined,
    ]);
    expect((await listed(simulator())).map(({ tags }) => tags[TAGS.config]).sort()).toEqual([
      'v1',
      'v1',
      'v1',
      'v1',
      'v1',
      'v2',
    ]);
    expect(await log()).toEqual([]);
  });

  test('a cluster of 2,000 machines is listed whole', async () => {
    const ids = await seedSimulatedCluster({
      database: tested.database,
      environmentId,
      clusterId: CLUSTER,
      settings: calm,
      now,
      groups: [
        { count: 2_000, config: 'v1', spec: { image: 'a:1' }, condition: 'healthy', ageMs: [3_600_000, 7_200_000] },
      ],
    });
    const plugin = simulator();
    const descriptions = await listed(plugin);
    expect(new Set(descriptions.map(({ id }) => id))).toEqual(new Set(ids));
    expect((await plugin.status(ids, never)).size).toBe(2_000);
  });
});
