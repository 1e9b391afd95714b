import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CuttingProxy, cuttingProxy, type Fate } from '../adapters/plugins/docker/cutting-proxy.ts';
import { withTestEngine } from '../adapters/plugins/docker/test-engine.ts';
import { createTestDatabase, type TestDatabase } from '../adapters/postgres/test-database.ts';
import { AUTHOR, RunnerRig } from './test-rig.ts';

const PROGRAM = 'echo > /tmp/healthy; trap "sleep 0.3; exit 0" TERM; while :; do sleep 0.05; done';
const ADA = { id: 'author', name: 'Ada' };
const TAG = 'roundhouse-test:1';

await withTestEngine('a cluster of containers', (engine) => {
  let db: TestDatabase;
  let proxy: CuttingProxy;
  let rig: RunnerRig;

  beforeEach(async () => {
    db = await createTestDatabase();
    proxy = await cuttingProxy(engine.socket);
    rig = await RunnerRig.open(db);
    await rig.work();
    await rig.until(async () => (await db.database.worker.count()) > 0);
  });
  afterEach(async () => {
    await rig.close();
    await proxy.close();
    for (const { Id } of await engine.docker.listContainers({ all: true })) {
      await engine.docker.getContainer(Id).remove({ force: true });
    }
    await moveTag(engine.image);
    await db.drop();
  });

  const moveTag = (image: string) => engine.docker.getImage(image).tag({ repo: 'roundhouse-test', tag: '1' });
  const isLookUp = (url: string) => decodeURIComponent(url).includes(`/images/${TAG}/json`);
  const file = (image: string, sizes = '{ min: 0, target: 1, max: 3 }') => `version: 1
environments:
  containers:
    kind: docker
    selfApproval: true
    docker: { address: "unix://${proxy.socket}", network: host, minHealthyMs: 200 }
    clusters:
      web:
        spec:
          image: "${image}"
          command: [sh, -c, ${JSON.stringify(PROGRAM)}]
        sizes: ${sizes}
        policy: { surge: 1, maxUnavailable: 1, canary: 1, bake: 100ms, minHealthy: 100ms }
`;
  const apply = async (image: string, sizes?: string) => {
    const results = await rig.services.installation.applyUnseen(file(image, sizes), ADA, 'test');
    expect(results.map(({ outcome }) => outcome)).toSatisfy((all: string[]) => all.every((one) => one === 'done'));
  };
  const web = () => rig.services.clusters.byName('containers', 'web');
  const images = async () => (await engine.docker.listContainers({ all: true })).map(({ ImageID }) => ImageID);
  const imageOfSpec = async () => (Object((await web()).present.spec) as { image?: string }).image;
  const preview = async () => rig.services.plans.preview((await web()).id, {}, AbortSignal.timeout(5_000));
  const plan = async () => {
    const { fingerprint, checks } = await preview();
    const ticked = checks.filter(({ level }) => level === 'warning').map((check) => check.id);
    const clusterId = (await web()).id;
    return rig.services.plans.create({ clusterId, knobs: {}, fingerprint, ticked, comment: '' }, AUTHOR, 'test');
  };
  const cycle = async () => {
    const cycleId = await rig.approve(await plan(), AUTHOR);
    await rig.reaches(cycleId, 'completed');
    return rig.services.cycles.byId(cycleId, AUTHOR);
  };
  const isPinnedTo = (image: string) =>
    rig.until(
      async () => (await imageOfSpec()) === `${TAG}@${image}`,
      async () => `the image is ${await imageOfSpec()}`,
    );

  test('is declared by a file, filled, and cycled to another image without going below its floor', {
    timeout: 90_000,
  }, async () => {
    const { installation } = rig.services;
    const sizes = '{ min: 1, target: 2, max: 3 }';
    await apply(engine.image, sizes);
    const { text } = await installation.export();
    expect((await installation.preview(text)).changes).toEqual([]);
    await cycle();
    expect(await images()).toEqual([engine.image, engine.image]);

    await apply(engine.checkedImage, sizes);
    expect(JSON.stringify(await preview())).toContain(engine.checkedImage);
    const { samples, body, intents } = await cycle();
    expect(await images()).toEqual([engine.checkedImage, engine.checkedImage]);
    expect(samples.every(({ inService }) => inService >= body.floor)).toBe(true);
    expect(intents.filter(({ kind }) => kind === 'drain')).toHaveLength(2);
  });

  test('whose tag is moved is outdated, its plans are stale, and it is replaced only when that is approved', {
    timeout: 120_000,
  }, async () => {
    await apply(TAG);
    await isPinnedTo(engine.image);
    await cycle();
    expect(await images()).toEqual([engine.image]);
    expect((await rig.services.installation.preview(file(TAG))).changes).toEqual([]);

    const { id } = await web();
    await rig.services.clusters.edit(id, { targetSize: 2 }, ADA, 'test');
    const stale = await plan();
    await moveTag(engine.checkedImage);
    await isPinnedTo(engine.checkedImage);
    await expect(rig.approve(stale, AUTHOR)).rejects.toMatchObject({ code: 'PLAN_STALE' });
    await rig.services.clusters.edit(id, { targetSize: 1 }, ADA, 'test');
    expect(await images()).toEqual([engine.image]);
    expect(await web()).toMatchObject({ outdated: 1, present: { version: 3 } });
    expect((await preview()).changes).toEqual([
      { path: 'image', before: `${TAG}@${engine.image}`, after: `${TAG}@${engine.checkedImage}` },
    ]);

    await cycle();
    expect(await images()).toEqual([engine.checkedImage]);
    const edits = await db.database.activity.findMany({ where: { actorName: 'Roundhouse' }, orderBy: { id: 'asc' } });
    expect(edits).toHaveLength(2);
    for (const { actorId, verb, before, after } of edits) {
      const [was, is] = [before, after].map((declared) => Object(declared));
      expect([actorId, verb]).toEqual([null, 'edited cluster']);
      expect(is).toEqual({ ...was, spec: { ...was.spec, image: is.spec.image } });
    }
  });

  test('whose tag is moved beneath a cycle is cycled to what was approved, and outdated when that has ended', {
    timeout: 120_000,
  }, async () => {
    await apply(TAG);
    await isPinnedTo(engine.image);
    const planId = await plan();
    let looks = 0;
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    proxy.fate = async (_, url): Promise<Fate> => {
      if (isLookUp(url)) looks += 1;
      if (url.includes('/containers/create')) await held;
      return 'answered';
    };
    const cycleId = await rig.approve(planId, AUTHOR);
    await moveTag(engine.checkedImage);
    // What one look has found is dealt with before the next.
    for (const enough of [looks + 2, looks + 3]) {
      await rig.services.clusters.edit((await web()).id, { labels: { seen: `${enough}` } }, ADA, 'test');
      await rig.until(async () => looks >= enough);
    }
    expect(await imageOfSpec()).toBe(`${TAG}@${engine.image}`);
    go();
    await rig.reaches(cycleId, 'completed');
    expect(await images()).toEqual([engine.image]);
    await isPinnedTo(engine.checkedImage);
    expect(await web()).toMatchObject({ outdated: 1 });
  });

  test('whose spec a person edits while its tag is looked up is what the person said', {
    timeout: 60_000,
  }, async () => {
    let answer: () => void = () => undefined;
    const isAsked = new Promise<void>((asked) => {
      const held = new Promise<void>((resolve) => {
        answer = resolve;
      });
      proxy.fate = async (_, url): Promise<Fate> => {
        if (!isLookUp(url)) return 'answered';
        asked();
        await held;
        return 'answered';
      };
    });
    await apply(TAG);
    await isAsked;
    await apply(engine.checkedImage);
    answer();
    // What one read has found is dealt with before the next.
    for (const _ of [1, 2]) {
      const { observedAt } = await web();
      await rig.until(async () => (await web()).observedAt !== observedAt);
    }
    expect(await imageOfSpec()).toBe(engine.checkedImage);
    expect(await db.database.activity.count({ where: { actorName: 'Roundhouse' } })).toBe(0);
  });

  test('whose image the engine lacks is told so with what to do, and refuses plans; what is known of it stays known', {
    timeout: 90_000,
  }, async () => {
    await apply(TAG);
    await isPinnedTo(engine.image);
    await cycle();
    await engine.docker.getImage(engine.image).tag({ repo: 'spare', tag: '1' });
    await engine.docker.getImage(TAG).remove();
    const told = 'The engine has no image roundhouse-test:1: run docker pull roundhouse-test:1 there';
    await rig.until(async () => (await web()).observeError === told);
    const at = (await web()).observedAt ?? Number.NaN;
    await rig.until(async () => ((await web()).observedAt ?? 0) > at);
    expect(await web()).toMatchObject({ size: 1, outdated: 0, observeError: told });
    expect(await imageOfSpec()).toBe(`${TAG}@${engine.image}`);

    await apply('roundhouse-test:3');
    await rig.until(async () => (await web()).observeError?.includes('docker pull roundhouse-test:3') === true);
    expect(await imageOfSpec()).toBe('roundhouse-test:3');
    const blockers = (await preview()).checks.filter(({ level }) => level === 'blocker').map(({ id }) => id);
    expect(blockers).toEqual(['not-readable', 'image-not-looked-up']);
    await expect(plan()).rejects.toMatchObject({ code: 'PLAN_BLOCKED' });

    await moveTag(engine.image);
    await apply(TAG);
    await isPinnedTo(engine.image);
    await rig.until(async () => (await web()).observeError === null);
    await engine.docker.getImage('spare:1').remove();
  });
});
