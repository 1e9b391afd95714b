import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seed } from '../../prisma/seed.ts';
import { createDatabase } from '../adapters/postgres/database.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { composeInstallation } from '../compose.ts';
import { applyConfiguration } from '../configuration-at-start.ts';
import type { InstallationService } from './installation-service.ts';

const ADA = { id: 'usr_ada', name: 'Ada' };
const HOST = { hostId: 'host', hostName: 'host.example' };
const FILE = `version: 1
policies:
  careful: { surge: 1, bake: 5m }
environments:
  prod:
    kind: simulator
    approvalsNeeded: 2
    maxActiveCycles: 3
    simulator: { startMs: [10, 20] }
    clusters:
      web:
        spec: { image: "web:1" }
        sizes: { min: 1, target: 2, max: 3 }
        policy: careful
      api:
        spec: { image: "api:1" }
        sizes: { min: 1, target: 2, max: 3 }
        policy: careful
        labels: { team: core }
  workshop:
    kind: local
    clusters:
      runners:
        spec: { version: "1" }
        sizes: { min: 0, target: 1, max: 2 }
        drainTimeout: 1m30s
`;

let db: TestDatabase;
let installation: InstallationService;

const composed = (settings: Partial<Parameters<typeof composeInstallation>[0]> = {}) =>
  composeInstallation({
    database: db.database,
    localMachines: true,
    configFile: null,
    hosts: async () => [HOST],
    clock: Date.now,
    ...settings,
  });

beforeEach(async () => {
  db = await createTestDatabase();
  installation = composed();
});
afterEach(() => db.drop());

async function applied(text: string) {
  const { fingerprint } = await installation.preview(text);
  return installation.apply(text, fingerprint, ADA, 'request');
}

const outcomesOf = (outcome: Awaited<ReturnType<typeof applied>>) =>
  outcome.kind === 'applied' ? outcome.results.map(({ kind, name, outcome }) => [kind, name, outcome]) : outcome.kind;

function logged() {
  const lines: string[] = [];
  const write = (_: unknown, line?: string) => lines.push(line ?? String(_));
  return { lines, log: { info: write, warn: write, error: write } };
}

const webId = async () => (await db.database.cluster.findFirstOrThrow({ where: { name: 'web' } })).id;

async function activeCycle(clusterId: string): Promise<void> {
  const { environmentId } = await db.database.cluster.findUniqueOrThrow({ where: { id: clusterId } });
  await db.database.plan.create({
    data: {
      id: 'pln_1',
      clusterId,
      environmentId,
      state: 'approved',
      authorId: ADA.id,
      fingerprint: 'f',
      body: {},
      expiresAt: new Date(),
    },
  });
  await db.database.cycle.create({
    data: { id: 'cyc_1', planId: 'pln_1', clusterId, environmentId, state: 'running' },
  });
}

describe('a file', () => {
  test('fills an empty installation in order, each change with its line of activity by the person', async () => {
    expect(outcomesOf(await applied(FILE))).toEqual([
      ['create-environment', 'prod', 'done'],
      ['create-environment', 'workshop', 'done'],
      ['declare-cluster', 'prod/web', 'done'],
      ['declare-cluster', 'prod/api', 'done'],
      ['declare-cluster', 'workshop/runners', 'done'],
    ]);
    const activity = await db.database.activity.findMany({ orderBy: { id: 'asc' } });
    expect(
      activity.map(({ actorName, verb, objectName, requestId }) => [actorName, verb, objectName, requestId]),
    ).toEqual([
      ['Ada', 'created environment', 'prod', 'request'],
      ['Ada', 'created environment', 'workshop', 'request'],
      ['Ada', 'declared cluster', 'web', 'request'],
      ['Ada', 'declared cluster', 'api', 'request'],
      ['Ada', 'declared cluster', 'runners', 'request'],
    ]);
    expect(await db.database.environment.findFirst({ where: { name: 'workshop' } })).toMatchObject(HOST);
    expect(await db.database.cluster.findFirst({ where: { name: 'web' } })).toMatchObject({
      policy: { surge: 1, bakeMs: 300_000 },
      drainTimeoutMs: 900_000,
    });
  });

  test('that was applied changes nothing, and nor does the export of what it made', async () => {
    await applied(FILE);
    expect((await installation.preview(FILE)).changes).toEqual([]);
    const { text, leftOut } = await installation.export();
    expect(leftOut).toEqual([]);
    expect(await installation.preview(text)).toMatchObject({ problems: [], changes: [], notInFile: [] });
  });

  test('leaves the versions of a spec alone that is stored without what the defaults say', async () => {
    await applied(FILE);
    const runners = await db.database.cluster.findFirstOrThrow({ where: { name: 'runners' } });
    await db.database.cluster.update({ where: { id: runners.id }, data: { spec: { version: '1' } } });
    expect((await installation.preview(FILE)).changes).toEqual([]);
    const { changes } = await installation.preview(FILE.replace('version: "1"', 'version: "2"'));
    expect(changes.map(({ name }) => name)).toEqual(['workshop/runners']);
    expect(outcomesOf(await applied(FILE.replace('version: "1"', 'version: "2"')))).toEqual([
      ['edit-cluster', 'workshop/runners', 'done'],
    ]);
  });

  test('leaves what it does not name, and removes what is to be absent', async () => {
    await applied(FILE);
    const text = `version: 1\nclusters:\n  prod/web: { absent: true }\n`;
    expect((await installation.preview(text)).notInFile).toEqual(['prod', 'workshop', 'prod/api', 'workshop/runners']);
    expect(outcomesOf(await applied(text))).toEqual([['remove-cluster', 'prod/web', 'done']]);
    expect(await db.database.cluster.count({ where: { removedAt: null } })).toBe(2);
  });

  test('edits what differs, and a new spec is a new version', async () => {
    await applied(FILE);
    const text = FILE.replace('web:1', 'web:2').replace('approvalsNeeded: 2', 'approvalsNeeded: 1');
    expect(outcomesOf(await applied(text))).toEqual([
      ['edit-environment', 'prod', 'done'],
      ['edit-cluster', 'prod/web', 'done'],
    ]);
    expect(await db.database.clusterConfig.count({ where: { clusterId: await webId() } })).toBe(2);
    expect(await db.database.environment.findFirst({ where: { name: 'prod' } })).toMatchObject({ approvalsNeeded: 1 });
  });
});

describe('the digest that a worker has written behind a tag', () => {
  const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
  const NOW = `web:2@${digest('a')}`;
  const file = (image: string, rest = '') => `version: 1
environments:
  yard:
    kind: docker
    clusters:
      web: { spec: { image: "${image}"${rest} }, sizes: { min: 0, target: 1, max: 2 } }
`;
  const specOfWeb = async () => (await db.database.cluster.findFirstOrThrow({ where: { name: 'web' } })).spec;
  /** As a worker does it: nothing of the spec but the image. */
  const pin = async (image: string) => {
    const spec = { ...(Object(await specOfWeb()) as object), image };
    await db.database.cluster.updateMany({ where: { name: 'web' }, data: { spec } });
  };

  beforeEach(async () => {
    await applied(file('web:2'));
    await pin(NOW);
  });

  test.each(['web:2', NOW, `web:2@${digest('b')}`])('stays where the file says %s', async (image) => {
    expect((await installation.preview(file(image))).changes).toEqual([]);
    const { lines, log } = logged();
    await applyConfiguration(installation, file(image), log);
    expect(lines).toEqual(['the configuration changes nothing']);
    expect(await specOfWeb()).toMatchObject({ image: NOW });
  });

  test.each(['web:3', 'other:2', `web:3@${digest('a')}`, `web@${digest('a')}`, digest('a')])(
    'goes where the file says %s',
    async (image) => {
      expect(outcomesOf(await applied(file(image)))).toEqual([['edit-cluster', 'yard/web', 'done']]);
      expect(await specOfWeb()).toMatchObject({ image });
    },
  );

  test('stays where the file changes something else of the spec', async () => {
    const text = file('web:2', ', init: false');
    expect((await installation.preview(text)).changes).toMatchObject([
      { fields: [{ path: 'spec.init', before: true, after: false }] },
    ]);
    await applied(text);
    expect(await specOfWeb()).toMatchObject({ image: NOW, init: false });
  });

  test('is written into the export, which changes nothing', async () => {
    const { text } = await installation.export();
    expect(text).toContain(NOW);
    expect((await installation.preview(text)).changes).toEqual([]);
  });

  test('is one of an image that is fixed only where the file fixes that one', async () => {
    await pin(`web@${digest('a')}`);
    expect((await installation.preview(file(`web@${digest('a')}`))).changes).toEqual([]);
    for (const other of ['web:2', NOW, `web@${digest('b')}`])
      expect((await installation.preview(file(other))).changes).toHaveLength(1);
  });
});

test('the export of the demonstration fleet changes nothing', async () => {
  await seed({
    ...{ database: db.database, hostId: HOST.hostId, dataDirectory: '/nowhere', localMachines: false },
    log: pino({ level: 'silent' }),
  });
  const { text, leftOut } = await installation.export();
  expect(leftOut).toEqual([]);
  expect(await installation.preview(text)).toMatchObject({ problems: [], changes: [], notInFile: [] });
  expect(text.match(/^ {8}sizes:$/gm)).toHaveLength(50);
});

test('what was changed since the preview is not applied, and shown anew', async () => {
  await applied(FILE);
  const text = FILE.replace('web:1', 'web:2');
  const { fingerprint } = await installation.preview(text);
  await db.database.cluster.update({ where: { id: await webId() }, data: { maxSize: 9 } });
  const outcome = await installation.apply(text, fingerprint, ADA, 'request');
  expect(outcome).toMatchObject({
    kind: 'changed-since',
    preview: {
      changes: [{ name: 'prod/web', fields: [{ path: 'maxSize', before: 9, after: 3 }, { path: 'spec.image' }] }],
    },
  });
  expect(await db.database.cluster.findFirst({ where: { name: 'web' } })).toMatchObject({
    maxSize: 9,
    spec: { image: 'web:1' },
  });
});

test('what fails is said, what comes after is not tried, and what came before stays', async () => {
  await applied(FILE);
  const text = FILE.replace('web:1', 'web:2')
    .replace('api:1', 'api:2')
    .replace('approvalsNeeded: 2', 'approvalsNeeded: 1');
  const { fingerprint } = await installation.preview(text);
  // Somebody edits the cluster after the comparison, and before its turn.
  const meddled = composed({
    hosts: async () => {
      await db.database.cluster.update({ where: { id: await webId() }, data: { spec: { image: 'web:9' } } });
      return [HOST];
    },
  });
  const outcome = await meddled.apply(text, fingerprint, ADA, 'request');
  expect(outcome).toMatchObject({
    kind: 'applied',
    results: [
      { name: 'prod', outcome: 'done', failure: null },
      { name: 'prod/web', outcome: 'failed', failure: 'somebody has changed it in between' },
      { name: 'prod/api', outcome: 'not-tried', failure: null },
    ],
  });
  const specs = await db.database.cluster.findMany({
    where: { name: { in: ['api', 'web'] } },
    orderBy: { name: 'asc' },
  });
  expect(specs.map(({ spec }) => spec)).toEqual([{ image: 'api:1' }, { image: 'web:9' }]);
  expect(await db.database.environment.findFirst({ where: { name: 'prod' } })).toMatchObject({ approvalsNeeded: 1 });
});

test('a cluster whose cycle is active waits, and the others do not', async () => {
  await applied(FILE);
  await activeCycle(await webId());
  const text = FILE.replace('web:1', 'web:2').replace('api:1', 'api:2');
  expect(await applied(text)).toMatchObject({
    results: [
      { name: 'prod/web', outcome: 'held', held: expect.stringContaining('a cycle of this cluster is active') },
      { name: 'prod/api', outcome: 'done' },
    ],
  });
  expect(await db.database.cluster.findFirst({ where: { name: 'web' } })).toMatchObject({ spec: { image: 'web:1' } });
});

test('a local environment needs one host, and that programs may run there', async () => {
  const heldOf = async (one: InstallationService) => (await one.preview(FILE)).changes.map(({ held }) => held);
  const several = [HOST, { hostId: 'other', hostName: 'other' }];
  expect(await heldOf(composed({ hosts: async () => several }))).toEqual([
    null,
    expect.stringContaining('several hosts'),
    null,
    null,
    'the environment workshop cannot be created',
  ]);
  expect(await heldOf(composed({ hosts: async () => [] }))).toContainEqual(expect.stringContaining('no worker runs'));
  expect(await heldOf(composed({ localMachines: false }))).toContainEqual(
    expect.stringContaining('ROUNDHOUSE_LOCAL=on'),
  );
});

describe('an environment that only one host reaches belongs to the host of a worker', () => {
  const file = (settings: string) => `version: 1\nenvironments:\n  engine:\n    ${settings}\n`;
  const unix = file('kind: docker');
  const tcp = file(
    'kind: docker\n    docker: { address: "tcp://engine:2376", tls: { ca: /ca, cert: /cert, key: /key } }',
  );
  const stored = () => db.database.environment.findUniqueOrThrow({ where: { name: 'engine' } });

  test.each([
    ['a Docker engine behind a socket', unix, HOST.hostId],
    [
      'a Docker engine at the loopback',
      file('kind: docker\n    docker: { address: "tcp://127.0.0.1:2375" }'),
      HOST.hostId,
    ],
    ['a Docker engine elsewhere', tcp, null],
    ['a plugin behind a socket', file('kind: infrakit\n    infrakit: { address: /run/vm }'), HOST.hostId],
    ['a plugin elsewhere', file('kind: infrakit\n    infrakit: { address: "tcp://plugins:4000" }'), null],
  ])('%s', async (_, text, hostId) => {
    // Real processes on this host are another matter.
    installation = composed({ localMachines: false });
    await applied(text);
    expect(await stored()).toMatchObject({ hostId });
  });

  test('it moves with its settings, and the worker that reads it lets go of it', async () => {
    await applied(tcp);
    await db.database.environment.update({
      where: { name: 'engine' },
      data: { leaseOwner: 'elsewhere', leaseUntil: new Date(Date.now() + 60_000), fence: 7 },
    });
    await applied(unix);
    expect(await stored()).toMatchObject({ hostId: HOST.hostId, leaseOwner: null, leaseUntil: null, fence: 8n });
    await applied(tcp);
    expect(await stored()).toMatchObject({ hostId: null });
  });

  test('it stays where it is when something else is set, however many hosts there are', async () => {
    await applied(unix);
    installation = composed({ hosts: async () => [{ hostId: 'other', hostName: 'other' }, HOST] });
    await applied(file('kind: docker\n    docker: { network: host }'));
    expect(await stored()).toMatchObject({ hostId: HOST.hostId, settings: { network: 'host' } });
  });
});

test('while one applies, another is refused', async () => {
  const { fingerprint } = await installation.preview(FILE);
  const other = createDatabase(db.url);
  let second: unknown;
  const slow = composed({
    hosts: async () => {
      second ??= await composed({ database: other })
        .apply(FILE, fingerprint, ADA, 'second')
        .catch((error: unknown) => error);
      return [HOST];
    },
  });
  expect(await slow.apply(FILE, fingerprint, ADA, 'first')).toMatchObject({ kind: 'applied' });
  await other.$disconnect();
  expect(second).toMatchObject({ code: 'CONFLICT' });
});

describe('at the start', () => {
  test('exactly one of two workers applies each change, and says so in its log', async () => {
    const other = createDatabase(db.url);
    const workers = [logged(), logged()];
    await Promise.all(
      [installation, composed({ database: other })].map((one, index) =>
        applyConfiguration(one, FILE, workers[index]?.log ?? logged().log),
      ),
    );
    await other.$disconnect();
    expect(workers.map(({ lines }) => lines).sort((a, b) => b.length - a.length)).toEqual([
      [
        'Create the simulator environment prod.',
        'Create the local environment workshop.',
        'Declare the cluster prod/web.',
        'Declare the cluster prod/api.',
        'Declare the cluster workshop/runners.',
      ],
      ['the configuration changes nothing'],
    ]);
    const activity = await db.database.activity.findMany();
    expect(activity).toHaveLength(5);
    expect(new Set(activity.map(({ actorName }) => actorName))).toEqual(new Set(['roundhouse.yaml at start']));
  });

  test('what is held is said with its reason', async () => {
    const { lines, log } = logged();
    await applyConfiguration(composed({ localMachines: false }), FILE, log);
    expect(lines).toContain('held: Create the local environment workshop.');
    expect(lines).toContain('Declare the cluster prod/web.');
  });
});
