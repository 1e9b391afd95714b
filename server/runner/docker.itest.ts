import { expect, test } from 'vitest';
import { withTestEngine } from '../adapters/plugins/docker/test-engine.ts';
import { createTestDatabase } from '../adapters/postgres/test-database.ts';
import { AUTHOR, RunnerRig } from './test-rig.ts';

const PROGRAM = 'echo > /tmp/healthy; trap "sleep 0.3; exit 0" TERM; while :; do sleep 0.05; done';

await withTestEngine('a cluster of containers', (engine) => {
  const file = (image: string) => `version: 1
environments:
  containers:
    kind: docker
    selfApproval: true
    docker: { address: "unix://${engine.socket}", network: host, minHealthyMs: 200 }
    clusters:
      web:
        spec:
          image: "${image}"
          command: [sh, -c, ${JSON.stringify(PROGRAM)}]
        sizes: { min: 1, target: 2, max: 3 }
        policy: { surge: 1, maxUnavailable: 1, canary: 1, bake: 100ms, minHealthy: 100ms }
`;

  test('is declared by a file, filled, and cycled to another image without going below its floor', {
    timeout: 90_000,
  }, async () => {
    const test_ = await createTestDatabase();
    const rig = await RunnerRig.open(test_);
    const { clusters, installation, cycles } = rig.services;
    const apply = async (image: string) => {
      const results = await installation.applyUnseen(file(image), { id: 'author', name: 'Ada' }, 'test');
      expect(results.map(({ outcome }) => outcome)).toSatisfy((all: string[]) => all.every((one) => one === 'done'));
    };
    await rig.work();
    await apply(engine.image);
    const { text } = await installation.export();
    expect((await installation.preview(text)).changes).toEqual([]);

    const { id } = await clusters.byName('containers', 'web');
    const images = async () => (await engine.docker.listContainers({ all: true })).map(({ ImageID }) => ImageID);
    const cycle = async () => {
      const { fingerprint, checks } = await rig.services.plans.preview(id, {}, AbortSignal.timeout(5_000));
      const ticked = checks.filter(({ level }) => level === 'warning').map((check) => check.id);
      const planId = await rig.services.plans.create(
        { clusterId: id, knobs: {}, fingerprint, ticked, comment: '' },
        AUTHOR,
        'test',
      );
      const cycleId = await rig.approve(planId, AUTHOR);
      await rig.reaches(cycleId, 'completed');
      return cycles.byId(cycleId, AUTHOR);
    };
    await cycle();
    expect(await images()).toEqual([engine.image, engine.image]);

    await apply(engine.checkedImage);
    const plan = await rig.services.plans.preview(id, {}, AbortSignal.timeout(5_000));
    expect(JSON.stringify(plan)).toContain(engine.checkedImage);
    const { samples, body, intents } = await cycle();
    expect(await images()).toEqual([engine.checkedImage, engine.checkedImage]);
    expect(samples.every(({ inService }) => inService >= body.floor)).toBe(true);
    expect(intents.filter(({ kind }) => kind === 'drain')).toHaveLength(2);

    await rig.close();
    for (const { Id } of await engine.docker.listContainers({ all: true })) {
      await engine.docker.getContainer(Id).remove({ force: true });
    }
    await test_.drop();
  });
});
