import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ForeignPlugin } from '../adapters/plugins/infrakit/infrakit-rig.ts';
import { type InfrakitServer, serveInfrakit } from '../adapters/plugins/infrakit/infrakit-server.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { infrakitSettingsSchema } from '../contract/infrakit-settings.ts';
import { configOf } from '../services/cluster-service.ts';
import { AUTHOR, NEW_SPEC, OLD_SPEC, RunnerRig } from './test-rig.ts';

let test_: TestDatabase;
let rig: RunnerRig;
let directory: string;
let server: InfrakitServer;
const plugin = new ForeignPlugin();

beforeAll(async () => {
  test_ = await createTestDatabase();
  rig = await RunnerRig.open(test_);
  directory = await mkdtemp(path.join(tmpdir(), 'rh-infrakit-'));
  server = await serveInfrakit(path.join(directory, 'abroad'), { plugins: new Map([['vm', plugin]]) });
});
afterAll(async () => {
  await rig.close();
  await server.close();
  await rm(directory, { recursive: true });
  await test_.drop();
});

/** A cluster whose machines a foreign plugin has, three of them outdated. */
async function foreignCluster(): Promise<string> {
  const clusterId = await rig.cluster({ size: 3, groups: [] });
  const { environmentId } = await rig.database.cluster.findUniqueOrThrow({ where: { id: clusterId } });
  const address = path.join(directory, 'abroad');
  const settings = infrakitSettingsSchema.parse({ address, type: 'vm', minimumAgeMs: 0, drainWaitMs: 300 });
  await rig.database.environment.update({ where: { id: environmentId }, data: { kind: 'infrakit', settings } });
  const tags = { 'roundhouse.cluster': clusterId, 'infrakit.config_sha': configOf(OLD_SPEC) };
  const spec = { properties: OLD_SPEC, tags, init: '', logicalId: null, attachments: [] };
  const call = { token: 'seed', deadline: Number.POSITIVE_INFINITY, signal: new AbortController().signal };
  for (let count = 0; count < 3; count += 1) await plugin.provision(spec, call);
  return clusterId;
}

test("a foreign plugin's cluster is cycled to the end, once somebody has ticked that its drains are not observed", async () => {
  const clusterId = await foreignCluster();
  await rig.work();
  await rig.observed(clusterId);
  const { fingerprint, checks } = await rig.services.plans.preview(clusterId, {}, AbortSignal.timeout(5_000));
  expect(checks.map(({ id }) => id)).toContain('drain-not-observable');
  const unticked = { clusterId, knobs: {}, fingerprint, ticked: [], comment: '' };
  await expect(rig.services.plans.create(unticked, AUTHOR, 'test')).rejects.toMatchObject({
    code: 'PLAN_WARNINGS',
    details: { unticked: [expect.stringContaining('cannot tell when an instance is drained')] },
  });

  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'completed');
  const machines = [...plugin.machines.values()];
  expect(machines.map(({ tags }) => tags['infrakit.config_sha'])).toEqual([1, 2, 3].map(() => configOf(NEW_SPEC)));
  expect(machines.map(({ properties }) => properties)).toEqual([NEW_SPEC, NEW_SPEC, NEW_SPEC]);
  expect(plugin.provisions).toBe(6);
  const { samples, body } = await rig.services.cycles.byId(cycleId, AUTHOR);
  expect(samples.every((sample) => sample.inService >= body.floor)).toBe(true);
});
