import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { laneStateAt } from '../domain/cycle/cycle-history.ts';
import { AUTHOR, RunnerRig } from './test-rig.ts';

let fresh: TestDatabase;
let rig: RunnerRig;

beforeAll(async () => {
  fresh = await createTestDatabase();
  rig = await RunnerRig.open(fresh);
  await rig.work();
});
afterAll(async () => {
  await rig.close();
  await fresh.drop();
});

test('every instance that a cycle replaced or started is in its history, from its first state to its last', async () => {
  const clusterId = await rig.cluster({ size: 3 });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'completed');
  const { intents, body } = await rig.services.cycles.byId(cycleId, AUTHOR);
  const history = await rig.services.cycles.history(cycleId);

  expect(history.lanes.map((lane) => lane.role)).toEqual([...Array(3).fill('planned'), ...Array(3).fill('started')]);
  expect(history.states.map((change) => change.state)).toEqual(['approved', 'running', 'completed']);
  const last = (id: string) => history.lanes.find((one) => one.instanceId === id)?.changes.at(-1)?.[1];
  for (const { id } of body.cluster.instances) expect(last(id)).toBe('gone');

  // Each of the old is replaced by another of the new.
  const replaced = history.lanes.flatMap((lane) => lane.replaces ?? []);
  expect(replaced.sort()).toEqual(body.cluster.instances.map((one) => one.id).sort());
  const drained = intents.flatMap((one) => (one.kind === 'drain' && one.instanceId !== null ? one.instanceId : []));
  expect(history.lanes.slice(0, 3).map((lane) => lane.instanceId)).toEqual(drained);

  // At the end all that is listed is new; at the start none was.
  const states = (at: number) =>
    history.lanes.flatMap((lane) => laneStateAt(lane, at - history.from)?.state ?? []).filter((one) => one !== 'gone');
  expect(states(history.from)).toEqual(['started', 'started', 'started']);
  expect(states(history.to ?? 0)).toEqual(['started', 'started', 'started']);
});

test('pauses, resumes and what was ordered for an instance are in the history', async () => {
  const clusterId = await rig.cluster({ size: 2, settings: { drainMs: [60_000, 60_000] } });
  const cycleId = await rig.cycle(clusterId);
  const draining = () => rig.database.instance.findFirst({ where: { clusterId, state: 'draining' } });
  await rig.until(async () => (await draining()) !== null);
  const instanceId = (await draining())?.id ?? '';
  await rig.services.cycles.onInstance(cycleId, instanceId, 'extend-drain', AUTHOR, 'rig', 5_000);
  await rig.services.cycles.act(cycleId, 'stop-now', AUTHOR, 'rig');
  await rig.reaches(cycleId, 'aborted');

  const history = await rig.services.cycles.history(cycleId);
  expect(history.states.map(({ state, byName }) => [state, byName])).toEqual([
    ['approved', null],
    ['running', null],
    ['aborting', AUTHOR.name],
    ['aborted', null],
  ]);
  expect(history.states.at(-1)?.sentence).toBe('Ada asked for the stop.');
  const lane = history.lanes.find((one) => one.instanceId === instanceId);
  expect(lane?.wave).toBe(1);
  expect(lane?.events).toMatchObject([{ kind: 'extended', byMs: 5_000, text: 'drain extended by Ada' }]);
});

test('who resumes gives a drain that ran out its whole time again, and the page says so', async () => {
  const drainTimeoutMs = 400;
  const clusterId = await rig.cluster({ size: 2, drainTimeoutMs, seedSettings: { drainMs: [60_000, 60_000] } });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'paused');
  await rig.services.cycles.act(cycleId, 'resume', AUTHOR, 'rig');
  const { resumedAt } = await rig.database.cycle.findUniqueOrThrow({ where: { id: cycleId } });
  const { instances } = await rig.services.cycles.byId(cycleId, AUTHOR);
  const deadlines = instances.flatMap(({ drainDeadline }) => drainDeadline ?? []);
  expect(deadlines).toEqual([(resumedAt?.getTime() ?? 0) + drainTimeoutMs]);
  const history = await rig.services.cycles.history(cycleId);
  expect(history.states.find(({ state, byName }) => state === 'running' && byName !== null)).toMatchObject({
    byName: AUTHOR.name,
  });
});

test('what happened after the end is no part of it', async () => {
  const clusterId = await rig.cluster({ size: 2 });
  const cycleId = await rig.cycle(clusterId);
  await rig.reaches(cycleId, 'completed');
  const before = await rig.services.cycles.history(cycleId);
  const [survivor] = before.lanes.filter((lane) => lane.role === 'started');
  const { endedAt } = await rig.database.cycle.findUniqueOrThrow({ where: { id: cycleId } });
  await rig.database.instanceTransition.create({
    data: {
      clusterId,
      instanceId: survivor?.instanceId ?? '',
      state: 'gone',
      config: '',
      at: new Date((endedAt?.getTime() ?? 0) + 1),
    },
  });
  expect((await rig.services.cycles.history(cycleId)).lanes).toEqual(before.lanes);
});

test('a cycle that never was is not found', async () => {
  await expect(rig.services.cycles.history('cyc_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
