import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ForeignPlugin } from '../adapters/plugins/infrakit/infrakit-rig.ts';
import { serveInfrakit } from '../adapters/plugins/infrakit/infrakit-server.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { addEnvironmentSchema, type TestEnvironmentInput } from '../contract/environment.ts';
import type { Viewer } from '../contract/people.ts';
import { APPROVER, AUTHOR, RunnerRig } from '../runner/test-rig.ts';

const ADA = { id: 'author', name: 'Ada' };

let fresh: TestDatabase;
let rig: RunnerRig;
let directory: string;

beforeEach(async () => {
  fresh = await createTestDatabase();
  rig = await RunnerRig.open(fresh);
  directory = await mkdtemp(path.join(tmpdir(), 'rh-env-'));
});
afterEach(async () => {
  await rig.close();
  await rm(directory, { recursive: true });
  await fresh.drop();
});

const add = (input: { name: string; kind: string; settings?: string; hostId?: string }) =>
  rig.services.environments.add(addEnvironmentSchema.parse({ settings: '', ...input }), ADA, 'request');
const stored = (id: string) => rig.database.environment.findUniqueOrThrow({ where: { id } });
const seen = (hostId: string) =>
  rig.database.worker.create({ data: { id: hostId, hostId, hostName: `${hostId}.example`, version: '1' } });
const environmentOf = async (clusterId: string) =>
  (await rig.database.cluster.findUniqueOrThrow({ where: { id: clusterId } })).environmentId;

async function missing(input: Pick<TestEnvironmentInput, 'kind' | 'settings'>) {
  const { findings } = await rig.services.environments.test({ hostId: null, environmentId: null, ...input });
  return findings.flatMap(({ what, problem }) => (problem === null ? [] : [{ what, problem }]));
}

describe('an environment that is added', () => {
  test('has what is typed with what the defaults say, and a line in the activity', async () => {
    const id = await add({ name: 'plugins', kind: 'infrakit', settings: 'address: tcp://plugins:4000 # the first' });
    expect(await stored(id)).toMatchObject({
      name: 'plugins',
      kind: 'infrakit',
      hostId: null,
      settings: { address: 'tcp://plugins:4000', minimumAgeMs: 30_000 },
      selfApproval: false,
    });
    expect(await rig.database.activity.findFirst({ where: { objectId: id } })).toMatchObject({
      verb: 'created environment',
      actorName: 'Ada',
    });
    const { environments } = await rig.services.environments.overview(true);
    expect(environments).toMatchObject([{ id, settings: '{\n  "address": "tcp://plugins:4000"\n}' }]);
    expect((await rig.services.environments.overview(false)).environments).toMatchObject([{ id, settings: null }]);
  });

  test('belongs to the host of a worker where only one host reaches it; with several hosts somebody chooses', async () => {
    await expect(add({ name: 'engine', kind: 'docker' })).rejects.toMatchObject({
      details: { field: 'hostId', message: expect.stringContaining('No worker runs') },
    });
    await seen('one');
    expect(await stored(await add({ name: 'engine', kind: 'docker' }))).toMatchObject({ hostId: 'one' });
    await seen('two');
    await expect(add({ name: 'other', kind: 'docker' })).rejects.toMatchObject({
      details: { field: 'hostId', message: expect.stringContaining('choose') },
    });
    const id = await add({ name: 'other', kind: 'docker', hostId: 'two' });
    expect(await stored(id)).toMatchObject({ hostId: 'two', hostName: 'two.example' });
  });

  test.each([
    ['infrakit', '', 'address: is missing'],
    ['docker', 'network: host\nadress: unix:///run/docker.sock', 'line 2, adress: is no field that we know'],
    ['docker', 'address: tcp://10.0.0.7:2375', 'tls: is needed'],
    ['local', 'seed: x', 'nothing can be set'],
    [
      'docker',
      'address: tcp://10.0.0.7:2376\ntls:\n  key: -----BEGIN PRIVATE KEY-----\nMIGHAgEA',
      'line 3: a certificate or a key itself never stands in settings: set it under Sessions, Secrets and configs',
    ],
    ['simulator', '{ "seed": "-----BEGIN CERTIFICATE-----" }', 'write secret:NAME'],
    ['simulator', 'startMs: [2, 1', 'line 1'],
  ])('is refused with what is wrong and where: %s %j', async (kind, settings, message) => {
    await seen('one');
    await expect(add({ name: 'lab', kind, settings })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'settings', message: expect.stringContaining(message) },
    });
    expect(await rig.database.environment.count()).toBe(0);
  });

  test('needs a name of its own', async () => {
    await add({ name: 'lab', kind: 'simulator' });
    await expect(add({ name: 'lab', kind: 'simulator' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('a connection test', () => {
  test('says that no worker runs', async () => {
    expect(await missing({ kind: 'simulator', settings: '' })).toEqual([
      { what: expect.any(String), problem: 'No worker took the test up: start one.' },
    ]);
    expect(await missing({ kind: 'local', settings: '' })).toEqual([
      { what: expect.any(String), problem: expect.stringContaining('No worker runs now') },
    ]);
  });

  test('finds nothing missing for what is there', async () => {
    const address = path.join(directory, 'vm');
    const server = await serveInfrakit(address, { plugins: new Map([['vm', new ForeignPlugin()]]) });
    await rig.work();
    await rig.until(async () => (await rig.database.worker.count()) > 0);
    expect(await missing({ kind: 'simulator', settings: '' })).toEqual([]);
    expect(await missing({ kind: 'local', settings: '' })).toEqual([]);
    expect(await missing({ kind: 'infrakit', settings: `{ address: ${address}, type: vm }` })).toEqual([]);
    await server.close();
  });

  test('names what is missing', async () => {
    const address = path.join(directory, 'vm');
    const server = await serveInfrakit(address, { plugins: new Map([['vm', new ForeignPlugin()]]) });
    await rig.work();
    await rig.until(async () => (await rig.database.worker.count()) > 0);
    expect(await missing({ kind: 'infrakit', settings: `{ address: ${address}, type: disk }` })).toEqual([
      { what: expect.stringContaining('answers'), problem: expect.stringContaining('no-plugin:disk') },
    ]);
    expect(await missing({ kind: 'infrakit', settings: 'address: /nowhere' })).toEqual([
      { what: expect.stringContaining('answers'), problem: expect.stringContaining('There is no /nowhere') },
    ]);
    const hook = `{ address: ${address}, type: vm, drainHook: { command: drain } }`;
    expect(await missing({ kind: 'infrakit', settings: hook })).toEqual([
      { what: expect.stringContaining('drain'), problem: expect.stringContaining('names no command drain') },
    ]);
    expect(await missing({ kind: 'docker', settings: 'address: unix:///nowhere' })).toEqual([
      { what: expect.stringContaining('answers'), problem: expect.stringContaining('ENOENT') },
    ]);
    await server.close();
  });

  test('of an environment of another host waits for a worker of that host', async () => {
    await rig.work();
    await seen('elsewhere');
    const id = await add({ name: 'engine', kind: 'docker', hostId: 'elsewhere' });
    const { findings } = await rig.services.environments.test({
      kind: 'docker',
      settings: '',
      hostId: null,
      environmentId: id,
    });
    expect(findings).toEqual([
      {
        what: expect.any(String),
        problem: 'No worker on elsewhere.example took the test up: start one there.',
        detail: null,
      },
    ]);
  });
});

describe('secrets that settings name', () => {
  const GRACE: Viewer = { id: 'grace', name: 'Grace', email: 'grace@example.org', role: 'administrator' };
  const pem = (name: string) =>
    readFile(path.join(import.meta.dirname, '../adapters/plugins/docker/testdata', name), 'utf8');
  const set = async (name: string, file: string) =>
    rig.services.secrets.set({ name, value: await pem(file) }, GRACE, 'request');
  const TLS = 'tls: { ca: "secret:engine-ca", cert: "secret:engine-cert", key: "secret:engine-key" }';

  /** As far as an engine is asked by who reads it: it has no container. Gives its port. */
  async function emptyEngine() {
    const [ca, cert, key] = await Promise.all(['ca.pem', 'server.pem', 'server.key'].map(pem));
    const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, ({ url }, answer) => {
      if (url?.includes('/containers/json')) answer.setHeader('content-type', 'application/json').end('[]');
      else if (!url?.includes('/events') || url.includes('until')) answer.end('OK');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const place = server.address();
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { port: typeof place === 'object' ? place?.port : 0, close };
  }

  test('may be set after them and again, by another person; what is wrong is said alike in the test and by the read, and no value', async () => {
    const engine = await emptyEngine();
    await rig.work();
    await rig.until(async () => (await rig.database.worker.count()) > 0);
    const settings = `{ address: "tcp://127.0.0.1:${engine.port}", ${TLS} }`;
    const firstProblem = async () => (await missing({ kind: 'docker', settings }))[0];
    const id = await add({ name: 'engine', kind: 'docker', settings });
    const spec = { image: `sha256:${'0'.repeat(64)}` };
    const cluster = { name: 'web', labels: {}, spec, minSize: 0, targetSize: 0, maxSize: 1, policy: null };
    await rig.services.clusters.declare({ ...cluster, environmentId: id, drainTimeoutMs: 0 }, AUTHOR, 'request');
    const says = (words: string | null) =>
      rig.until(
        async () =>
          (await stored(id)).syncError === words && (words !== null || (await stored(id)).observedAt !== null),
        async () => `wanted ${words}, found ${(await stored(id)).syncError}`,
      );
    /** What is shown of a failed read goes on in the same line. */
    const unended = (words: string) => words.replace(/\.$/, '');
    const answers = `The engine at tcp://127.0.0.1:${engine.port} answers`;

    await set('engine-ca', 'ca.pem');
    await set('engine-cert', 'client.pem');
    const noKey = 'There is no secret engine-key, which tls.key names. Set it under Sessions, Secrets and configs.';
    expect(await firstProblem()).toEqual({ what: answers, problem: noKey });
    await says(unended(noKey));

    await set('engine-key', 'client.pem');
    const noPem =
      'The secret engine-key, which tls.key names, holds no private key as PEM without a passphrase: set it right.';
    expect(await firstProblem()).toEqual({ what: answers, problem: noPem });
    await says(unended(noPem));

    await set('engine-key', 'client.key');
    expect(await firstProblem()).not.toMatchObject({ what: answers });
    await says(null);

    await set('engine-ca', 'other-ca.pem');
    await rig.until(async () => (await stored(id)).syncError?.startsWith('TLS with') ?? false);
    engine.close();

    const { database } = rig;
    const rows = await Promise.all([
      ...[database.environment.findMany(), database.connectionTest.findMany(), database.backEndCall.findMany()],
      ...[database.activity.findMany(), database.event.findMany()],
    ]);
    const told = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(told).toContain(unended(noKey));
    for (const file of ['ca.pem', 'client.pem', 'client.key']) {
      for (const line of (await pem(file)).split('\n').filter((one) => one !== '')) expect(told).not.toContain(line);
    }
  });

  test('that are missing stop the reading of their environment alone', async () => {
    const other = await rig.cluster({ size: 1 });
    await rig.work();
    await rig.observed(other);
    const id = await add({
      name: 'engine',
      kind: 'docker',
      settings: `{ address: "tcp://10.255.255.1:2376", ${TLS} }`,
    });
    const spec = { image: `sha256:${'0'.repeat(64)}` };
    const cluster = { name: 'web', labels: {}, spec, minSize: 0, targetSize: 0, maxSize: 1, policy: null };
    await rig.services.clusters.declare({ ...cluster, environmentId: id, drainTimeoutMs: 0 }, AUTHOR, 'request');
    await rig.until(async () => (await stored(id)).syncError !== null);
    const since = new Date();
    await rig.until(async () => ((await stored(await environmentOf(other))).observedAt ?? since) > since);
    expect(await stored(await environmentOf(other))).toMatchObject({ syncError: null });
    await rig.services.environments.disable(id, ADA, 'request');
    await rig.services.environments.enable(id, ADA, 'request');
    await rig.services.environments.changeSettings(id, 'address: tcp://127.0.0.1:1', ADA, 'request');
  });
});

describe('a disabled environment', () => {
  test('is not read, and no cycle begins in it until it is enabled', async () => {
    const clusterId = await rig.cluster({ size: 2 });
    const environmentId = await environmentOf(clusterId);
    await rig.work();
    await rig.observed(clusterId);
    const planId = await rig.plan(clusterId);
    await rig.services.environments.disable(environmentId, ADA, 'request');
    await rig.services.environments.disable(environmentId, ADA, 'again');
    expect(await stored(environmentId)).toMatchObject({ leaseOwner: null, disabledAt: expect.any(Date) });
    await expect(rig.approve(planId)).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { message: expect.stringContaining('disabled') },
    });
    const { checks } = await rig.services.plans.preview(clusterId, {}, AbortSignal.timeout(100));
    expect(checks.map(({ id }) => id)).toContain('disabled');
    const { observedAt } = await stored(environmentId);
    const otherId = await rig.cluster({ size: 1 });
    await rig.observed(otherId);
    expect(await stored(environmentId)).toMatchObject({ observedAt, leaseOwner: null });

    await rig.services.environments.enable(environmentId, ADA, 'request');
    await rig.reaches(await rig.approve(planId), 'completed');
  });

  test('keeps an approved cycle waiting that had not begun', async () => {
    const clusterId = await rig.cluster({ size: 2 });
    const environmentId = await environmentOf(clusterId);
    const stop = await rig.work();
    const planId = await rig.plan(clusterId);
    await stop();
    const cycleId = await rig.approve(planId);
    await rig.services.environments.disable(environmentId, ADA, 'request');
    const otherId = await rig.cluster({ size: 1 });
    await rig.work('worker-2');
    await rig.observed(otherId);
    expect(await rig.database.cycle.findUnique({ where: { id: cycleId } })).toMatchObject({
      state: 'approved',
      startedAt: null,
      leaseOwner: null,
    });
    await rig.services.environments.enable(environmentId, ADA, 'request');
    await rig.reaches(cycleId, 'completed');
  });

  test('is not one while a cycle is under way in it; a paused one stays paused', async () => {
    const clusterId = await rig.cluster({ size: 2, settings: { drainMs: [60_000, 60_000] } });
    const environmentId = await environmentOf(clusterId);
    await rig.work();
    const cycleId = await rig.cycle(clusterId);
    await rig.reaches(cycleId, 'running');
    await expect(rig.services.environments.disable(environmentId, ADA, 'request')).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { message: expect.stringContaining('a cycle of cluster-1 is running') },
    });
    await rig.services.cycles.act(cycleId, 'pause', APPROVER, 'request');
    await rig.reaches(cycleId, 'paused');
    await rig.services.environments.disable(environmentId, ADA, 'request');
    await expect(rig.services.cycles.act(cycleId, 'resume', APPROVER, 'request')).rejects.toMatchObject({
      details: { message: expect.stringContaining('disabled') },
    });
  });
});

describe('an environment is removed', () => {
  test('only when no cycle and no cluster stands in the way', async () => {
    const clusterId = await rig.cluster({ size: 1, settings: { drainMs: [60_000, 60_000] } });
    const environmentId = await environmentOf(clusterId);
    const remove = () => rig.services.environments.remove(environmentId, ADA, 'request');
    const stop = await rig.work();
    const cycleId = await rig.cycle(clusterId);
    await expect(remove()).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { message: expect.stringMatching(/a cycle of cluster-1 is .*has to end/) },
    });
    await stop();
    await rig.database.cycle.update({ where: { id: cycleId }, data: { state: 'failed' } });
    await expect(remove()).rejects.toMatchObject({
      details: { message: 'it has the cluster cluster-1; remove what is in it first' },
    });
    await rig.database.cluster.update({ where: { id: clusterId }, data: { removedAt: new Date() } });
    await remove();
    expect(await rig.services.clusters.environments()).toEqual([]);
    await expect(remove()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const cluster = { name: 'web', labels: {}, spec: {}, minSize: 0, targetSize: 1, maxSize: 1, policy: null };
    await expect(
      rig.services.clusters.declare({ ...cluster, environmentId, drainTimeoutMs: 0 }, AUTHOR, 'request'),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('where its back end is gone for good: disabled, it gives up its clusters with what is known of their instances', async () => {
    const clusterId = await rig.cluster({ size: 2 });
    const environmentId = await environmentOf(clusterId);
    const stop = await rig.work();
    await rig.observed(clusterId);
    await stop();
    const removeCluster = () => rig.services.clusters.remove(clusterId, ADA, 'request');
    await expect(removeCluster()).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { message: expect.stringMatching(/still has 2 instances.*disable its environment/) },
    });
    await rig.services.environments.disable(environmentId, ADA, 'request');
    expect(await rig.services.clusters.byId(clusterId)).toMatchObject({ isDisabled: true, size: 2 });
    await removeCluster();
    expect(await rig.database.instance.count({ where: { clusterId } })).toBe(0);
    expect(
      await rig.database.activity.findFirst({ where: { objectId: clusterId }, orderBy: { id: 'desc' } }),
    ).toMatchObject({ verb: 'removed cluster', before: { instancesForgotten: 2 } });
    await rig.services.environments.remove(environmentId, ADA, 'request');
  });

  test('and its name is free then', async () => {
    const id = await add({ name: 'lab', kind: 'simulator' });
    await rig.services.environments.remove(id, ADA, 'request');
    const next = await add({ name: 'lab', kind: 'simulator' });
    expect((await rig.services.clusters.environments()).map((one) => [one.id, one.name])).toEqual([[next, 'lab']]);
    expect((await rig.services.installation.export()).text).toContain('lab:');
  });
});

describe('settings that are changed', () => {
  test('are read with by the worker that has read it before', async () => {
    const first = new ForeignPlugin();
    const second = new ForeignPlugin();
    const servers = [
      await serveInfrakit(path.join(directory, 'first'), { plugins: new Map([['vm', first]]) }),
      await serveInfrakit(path.join(directory, 'second'), { plugins: new Map([['vm', second]]) }),
    ];
    await rig.work();
    await rig.until(async () => (await rig.database.worker.count()) > 0);
    const settings = (name: string) => `{ address: ${path.join(directory, name)}, type: vm, minimumAgeMs: 0 }`;
    const id = await add({ name: 'plugins', kind: 'infrakit', settings: settings('first') });
    const cluster = { name: 'web', labels: {}, spec: {}, minSize: 0, targetSize: 0, maxSize: 1, policy: null };
    const clusterId = await rig.services.clusters.declare(
      { ...cluster, environmentId: id, drainTimeoutMs: 0 },
      AUTHOR,
      'r',
    );
    const call = { token: 'seed', deadline: Number.POSITIVE_INFINITY, signal: new AbortController().signal };
    const tags = { 'roundhouse.cluster': clusterId };
    await second.provision({ properties: {}, tags, init: '', logicalId: null, attachments: [] }, call);
    await rig.until(async () => (await stored(id)).observedAt !== null);
    expect(await rig.database.instance.count({ where: { clusterId } })).toBe(0);
    await rig.services.environments.changeSettings(id, settings('second'), ADA, 'request');
    await rig.until(async () => (await rig.database.instance.count({ where: { clusterId } })) === 1);
    for (const server of servers) await server.close();
  });

  test('wait until the cycle has ended that could not go on elsewhere', async () => {
    const clusterId = await rig.cluster({ size: 2 });
    const stop = await rig.work();
    await rig.cycle(clusterId);
    await stop();
    const environmentId = await environmentOf(clusterId);
    await rig.database.environment.update({
      where: { id: environmentId },
      data: { kind: 'infrakit', settings: { address: 'tcp://a:1' } },
    });
    await rig.database.cycle.updateMany({ data: { state: 'paused' } });
    await expect(
      rig.services.environments.changeSettings(environmentId, 'address: tcp://b:1', ADA, 'request'),
    ).rejects.toMatchObject({ code: 'CONFLICT', details: { message: expect.stringContaining('has ended') } });
  });
});

test('how often a back end is called and what fails is told', async () => {
  const clusterId = await rig.cluster({ size: 1 });
  await rig.work();
  await rig.observed(clusterId);
  const id = await add({ name: 'gone', kind: 'infrakit', settings: 'address: "tcp://127.0.0.1:1"' });
  const cluster = { name: 'web', labels: {}, spec: {}, minSize: 0, targetSize: 0, maxSize: 1, policy: null };
  await rig.services.clusters.declare({ ...cluster, environmentId: id, drainTimeoutMs: 0 }, AUTHOR, 'request');
  const told = async () => (await rig.services.environments.overview(true)).environments;
  await rig.until(async () =>
    (await told()).every(({ id: one, traffic }) => traffic.calls > 0 && (one !== id || traffic.failures > 0)),
  );
  const [gone, working] = await told();
  expect(gone).toMatchObject({ id, syncErrorSince: expect.any(Number), traffic: { throttled: 0 } });
  expect(gone?.failures[0]).toMatchObject({ operation: 'describeCluster', at: expect.any(Number) });
  expect(working).toMatchObject({ syncErrorSince: null, failures: [], traffic: { failures: 0 } });
});

test('plugins that come to the directory of a worker, and go, are told with its host', async () => {
  await rig.work('worker-1', directory);
  const names = async () =>
    (await rig.services.environments.overview(false)).plugins.flatMap(({ plugins }) => plugins.map(({ name }) => name));
  await rig.until(async () => (await rig.services.environments.overview(false)).plugins.length === 1);
  expect(await names()).toEqual([]);
  const server = await serveInfrakit(path.join(directory, 'abroad'), {
    plugins: new Map([['vm', new ForeignPlugin()]]),
  });
  await rig.until(async () => (await names()).join() === 'abroad/vm');
  await server.close();
  await rig.until(async () => (await names()).length === 0);
});
