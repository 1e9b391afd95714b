import { expect, test } from 'vitest';
import { cuttingProxy } from './cutting-proxy.ts';
import { dockerRig } from './docker-rig.ts';
import { withTestEngine } from './test-engine.ts';

await withTestEngine('the events of an engine', (engine) => {
  test('tell of each change of a machine, of its coming into service, and of no other environment', async () => {
    const rig = await dockerRig(engine);
    const other = await dockerRig(engine);
    const plugin = rig.newPlugin();
    const end = new AbortController();
    let heard = 0;
    const following = plugin.follow(() => {
      heard += 1;
    }, end.signal);
    const hears = async (change: () => Promise<unknown>) => {
      const before = heard;
      await change();
      await expect.poll(() => heard, { timeout: 5_000 }).toBeGreaterThan(before);
    };
    // That it listens, and once more when what has just started would be in service.
    await expect.poll(() => heard, { timeout: 5_000 }).toBe(2);
    const call = () => ({ token: 't', deadline: Date.now() + 10_000, signal: end.signal });
    const spec = (properties = rig.spec) => ({ properties, tags: {}, init: '', logicalId: 't#1', attachments: [] });

    await other.newPlugin().provision(spec(), call());
    expect(heard).toBe(2);
    let id = '';
    await hears(async () => {
      id = await plugin.provision(spec(), call());
    });
    await expect
      .poll(async () => (await plugin.status([id], end.signal)).get(id)?.state, { timeout: 5_000 })
      .toBe('started');
    // Made, started, and in service.
    await expect.poll(() => heard, { timeout: 5_000 }).toBe(5);
    await hears(() => rig.killInstance(id));
    await hears(() => plugin.destroy(id, 'terminate', call()));

    end.abort();
    await following;
    const last = heard;
    await other.close();
    expect(heard).toBe(last);
    expect(await rig.close()).toEqual([]);
  });

  test('that are cut off are said to be, so that nobody trusts in them', async () => {
    const rig = await dockerRig(engine);
    const proxy = await cuttingProxy(engine.socket);
    let tell: () => void = () => undefined;
    const listens = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const following = rig.newPlugin(proxy.socket).follow(tell, AbortSignal.timeout(20_000));
    await listens;
    await Promise.all([expect(following).rejects.toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE' }), proxy.close()]);
    await rig.close();
  });
});
