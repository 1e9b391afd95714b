import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DockerSpec } from '../../../contract/docker-spec.ts';
import type { Call } from '../../../domain/cycle/environment.ts';
import { isTemporary } from '../../../domain/errors.ts';
import type { Spec } from '../../../domain/instance/plugin.ts';
import { type CuttingProxy, cuttingProxy, type Fate } from './cutting-proxy.ts';
import type { DockerPlugin } from './docker-plugin.ts';
import { type DockerRig, dockerRig, noSecrets } from './docker-rig.ts';
import { Engine } from './engine.ts';
import { withTestEngine } from './test-engine.ts';

const never = new AbortController().signal;
const CLUSTER = { 'roundhouse.cluster': 'c-web' };

await withTestEngine('containers as machines', (engine) => {
  let rig: DockerRig;
  let plugin: DockerPlugin;
  let proxy: CuttingProxy;

  beforeEach(async () => {
    rig = await dockerRig(engine);
    plugin = rig.newPlugin();
    proxy = await cuttingProxy(engine.socket);
  });
  afterEach(async () => {
    await proxy.close();
    expect(await rig.close()).toEqual([]);
  });

  const call = (overrides: Partial<Call> = {}): Call => ({
    token: 'cycle/1/1',
    deadline: Date.now() + 10_000,
    signal: never,
    ...overrides,
  });
  const specOf = (changes: Partial<DockerSpec> = {}, logicalId = 'cycle/1/1#1'): Spec => ({
    properties: { ...rig.spec, ...changes },
    tags: { ...CLUSTER, 'infrakit.config_sha': 'c0ffee' },
    init: '',
    logicalId,
    attachments: [],
  });
  const script = (text: string): Pick<DockerSpec, 'command'> => ({ command: ['sh', '-c', text] });
  const factsOf = async (id: string, by = plugin) => (await by.status([id], never)).get(id);
  const containers = () => engine.docker.listContainers({ all: true });
  async function until(id: string, state: string, by = plugin) {
    for (const end = Date.now() + 10_000; ; await sleep(30)) {
      const facts = await factsOf(id, by);
      if (facts?.state === state || Date.now() > end) {
        expect(facts?.state).toBe(state);
        return facts;
      }
    }
  }
  /** Loses the answer to the first request of such a kind. */
  function loseOnce(method: string, url: RegExp): void {
    let lost = false;
    proxy.fate = (asked, at) => {
      if (lost || asked !== method || !url.test(at)) return 'answered';
      lost = true;
      return 'lost';
    };
  }

  describe('a lost answer', () => {
    test.each([
      ['to the creation', 'POST', /\/containers\/create/],
      ['to the start', 'POST', /\/start/],
      ['to a look before', 'GET', /\/containers\/json/],
    ])('%s leaves one container, which a repeat brings into service', async (_, method, url) => {
      loseOnce(method, url);
      const cut = rig.newPlugin(proxy.socket);
      await expect(cut.provision(specOf(), call())).rejects.toSatisfy(isTemporary);
      const id = await cut.provision(specOf(), call());
      expect(await cut.provision(specOf(), call())).toBe(id);
      expect(await containers()).toHaveLength(1);
      expect(await until(id, 'started')).toMatchObject({ health: 'healthy' });
    });

    test.each([
      ['to the order', /\/rename/],
      ['to SIGTERM', /\/kill/],
    ])('%s of a drain never leaves it in service, and a repeat drains it', async (_, url) => {
      const id = await plugin.provision(specOf(), call());
      await until(id, 'started');
      loseOnce('POST', url);
      const cut = rig.newPlugin(proxy.socket);
      await expect(cut.drain(id, call())).rejects.toSatisfy(isTemporary);
      expect((await factsOf(id))?.state).toBeOneOf(['draining', 'drained']);
      await cut.drain(id, call());
      await until(id, 'drained');
    });

    test.each([
      ['that it is remembered', 'POST', /\/volumes\/create/],
      ['that it is removed', 'DELETE', /\/containers\//],
    ])('%s leaves a termination that can be repeated', async (_, method, url) => {
      const id = await plugin.provision(specOf(), call());
      loseOnce(method, url);
      const cut = rig.newPlugin(proxy.socket);
      await expect(cut.destroy(id, 'terminate', call())).rejects.toSatisfy(isTemporary);
      await cut.destroy(id, 'terminate', call());
      expect(await containers()).toEqual([]);
      await cut.provision(specOf(), call());
      expect(await containers()).toEqual([]);
    });
  });

  describe('a drain', () => {
    test('is remembered by the engine, since when and whether by whoever looks', async () => {
      const id = await plugin.provision(specOf(script('trap "" TERM; while :; do sleep 0.2; done')), call());
      await until(id, 'started');
      const before = Date.now();
      await plugin.drain(id, call());
      const facts = await factsOf(id, rig.newPlugin());
      expect(facts).toMatchObject({ state: 'draining' });
      expect(facts?.drainingSince).toBeGreaterThanOrEqual(before);
      await plugin.drain(id, call());
      expect(await factsOf(id, rig.newPlugin())).toMatchObject({ drainingSince: facts?.drainingSince });
    });

    test('sends SIGTERM once, however often it is ordered, and waits as long as it takes', async () => {
      const text = 'trap "echo told" TERM; while [ ! -e /tmp/done ]; do sleep 0.05; done';
      const id = await plugin.provision(specOf(script(text)), call());
      await until(id, 'started');
      for (let times = 0; times < 3; times++) await plugin.drain(id, call());
      await sleep(300);
      expect(await factsOf(id)).toMatchObject({ state: 'draining' });
      const [container] = await containers();
      const found = engine.docker.getContainer(container?.Id ?? '');
      const exec = await found.exec({ Cmd: ['sh', '-c', 'echo > /tmp/done'] });
      await exec.start({});
      await until(id, 'drained');
      expect((await found.logs({ stdout: true })).toString().match(/told/g)).toHaveLength(1);
    });

    test('may be ordered and carried out by several at once', async () => {
      const id = await plugin.provision(specOf(), call());
      await until(id, 'started');
      await Promise.all([1, 2, 3, 4].map(() => rig.newPlugin().drain(id, call())));
      await until(id, 'drained');
    });

    test('whose caller died before it sent SIGTERM is carried out by those who look later', async () => {
      const id = await plugin.provision(specOf(), call());
      await until(id, 'started');
      const [container] = await containers();
      const found = engine.docker.getContainer(container?.Id ?? '');
      await found.rename({ name: `${id}.drain.${Date.now() - 60_000}` });
      expect(await factsOf(id)).toMatchObject({ state: 'draining' });
      await Promise.all([1, 2, 3, 4].map(() => rig.newPlugin().describeInstances(CLUSTER, false, never)));
      await until(id, 'drained');
    });

    test('frees no name: a late repeat of the provision makes no second container', async () => {
      const id = await plugin.provision(specOf(), call());
      await plugin.drain(id, call());
      expect(await plugin.provision(specOf(), call())).toBe(id);
      expect(await containers()).toHaveLength(1);
      await until(id, 'drained');
    });

    test.each([
      ['drained', 1, (id: string) => plugin.drain(id, call())],
      ['removed', 0, (id: string) => plugin.destroy(id, 'terminate', call())],
    ])('frees no name: nor where it was %s while the repeat was on its way', async (_, left, end) => {
      let id = '';
      proxy.fate = async (_method, url): Promise<Fate> => {
        if (!url.includes('/containers/create')) return 'answered';
        id = await plugin.provision(specOf(), call());
        await end(id);
        return 'answered';
      };
      expect(await rig.newPlugin(proxy.socket).provision(specOf(), call())).toBe(id);
      expect(await containers()).toHaveLength(left);
    });

    test('with an init ends a program that has no handler', async () => {
      const id = await plugin.provision(specOf({ command: ['sleep', '600'], init: true }), call());
      await until(id, 'started');
      await plugin.drain(id, call());
      await until(id, 'drained');
    });
  });

  describe('health', () => {
    test('is what HEALTHCHECK says, since when it says so', async () => {
      const text = 'trap "exit 0" TERM; sleep 1; echo > /tmp/healthy; while :; do sleep 0.1; done';
      const id = await plugin.provision(specOf({ image: engine.checkedImage, ...script(text) }), call());
      const sick = await untilHealth(id, 'unhealthy');
      expect(sick).toMatchObject({ state: 'started', healthySince: null });
      const well = await untilHealth(id, 'healthy');
      expect(well?.healthySince).toBeGreaterThan(well?.createdAt ?? Number.NaN);
      // The engine keeps the last five checks, and five have passed by then.
      await sleep(1_800);
      expect(await factsOf(id)).toMatchObject({ healthySince: well?.healthySince });
    });

    async function untilHealth(id: string, health: string) {
      for (const end = Date.now() + 10_000; Date.now() < end; await sleep(30)) {
        const facts = await factsOf(id);
        if (facts?.health === health) return facts;
      }
      return expect.fail(`it is never ${health}`);
    }

    test('of what was created and not started in time is bad', async () => {
      proxy.fate = (_, url) => (url.includes('/start') ? { status: 503, message: 'busy' } : 'answered');
      const order = call({ deadline: Date.now() + 1_000 });
      await expect(rig.newPlugin(proxy.socket).provision(specOf(), order)).rejects.toSatisfy(isTemporary);
      const [{ id } = { id: '' }] = await plugin.describeInstances(CLUSTER, false, never);
      expect(await factsOf(id)).toMatchObject({ state: 'starting' });
      expect(await until(id, 'started')).toMatchObject({ health: 'unhealthy' });
    });
  });

  describe('an image', () => {
    const moveTag = (image: string) => engine.docker.getImage(image).tag({ repo: 'roundhouse-test', tag: '1' });
    const pinned = (image: string) => plugin.pinnedSpec({ ...rig.spec, image }, never);

    test.each([
      ['that is a tag without a digest', 'roundhouse-test:1', 'has not been looked up yet'],
      ['that is a bare name', 'roundhouse-test', 'write name:tag'],
    ])('%s is never run', async (_, image, why) => {
      const refusal = { code: 'INVALID_INPUT', details: { field: 'image', message: expect.stringContaining(why) } };
      await expect(plugin.validate({ ...rig.spec, image }, never)).rejects.toMatchObject(refusal);
      await expect(plugin.provision(specOf({ image }), call())).rejects.toMatchObject(refusal);
      expect(await containers()).toEqual([]);
    });

    test('that the engine lacks is refused with what to do, and no container is left', async () => {
      const image = `nowhere.test/app@sha256:${'0'.repeat(64)}`;
      const refusal = { code: 'ENVIRONMENT_REFUSED', message: expect.stringContaining(`docker pull ${image}`) };
      await expect(plugin.validate({ ...rig.spec, image }, never)).rejects.toMatchObject(refusal);
      await expect(plugin.provision(specOf({ image }), call())).rejects.toMatchObject(refusal);
      expect(await containers()).toEqual([]);
    });

    test('whose name would lead elsewhere in the API is not asked for', async () => {
      const image = '../containers/x';
      await expect(plugin.validate({ ...rig.spec, image }, never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });

    test('that a tag names now is written behind it, and nothing else of the spec changes', async () => {
      const first = { ...rig.spec, image: `roundhouse-test:1@${engine.image}` };
      expect(await pinned('roundhouse-test:1')).toEqual(first);
      expect(await plugin.pinnedSpec(first, never)).toEqual(first);
      expect(await plugin.pinnedSpec(rig.spec, never)).toEqual(rig.spec);
      await moveTag(engine.checkedImage);
      expect(await plugin.pinnedSpec(first, never)).toEqual({
        ...rig.spec,
        image: `roundhouse-test:1@${engine.checkedImage}`,
      });
      await moveTag(engine.image);
    });

    test('that is written behind a tag is the one that is run, wherever the tag was moved', async () => {
      await moveTag(engine.checkedImage);
      await plugin.validate({ ...rig.spec, image: `roundhouse-test:1@${engine.image}` }, never);
      await plugin.provision(specOf({ image: `roundhouse-test:1@${engine.image}` }, 'one'), call());
      await plugin.provision(specOf({ image: `roundhouse-test:1@${engine.checkedImage}` }, 'other'), call());
      expect((await containers()).map(({ ImageID }) => ImageID).sort()).toEqual(
        [engine.image, engine.checkedImage].sort(),
      );
      await moveTag(engine.image);
    });

    test('whose tag the engine lacks is told with what to do, and is not taken for another', async () => {
      const message = expect.stringContaining('docker pull roundhouse-test:2 there');
      for (const image of ['roundhouse-test:2', `roundhouse-test:2@${engine.image}`])
        await expect(pinned(image)).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED', message });
    });
  });

  test('a program that cannot be run is refused with the words of the engine, and no container is left', async () => {
    const refused = plugin.provision(specOf({ command: ['/no/such/program'] }), call());
    await expect(refused).rejects.toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      message: expect.stringContaining('/no/such/program'),
    });
    expect(await containers()).toEqual([]);
  });

  test('what stands in an environment variable stands in no address of a request', async () => {
    const urls: string[] = [];
    proxy.fate = (_, url) => {
      urls.push(url);
      return 'answered';
    };
    await rig.newPlugin(proxy.socket).provision(specOf({ env: { TOKEN: 'squeamish' } }), call());
    const [container] = await containers();
    const found = await engine.docker.getContainer(container?.Id ?? '').inspect();
    expect(found.Config.Env).toContain('TOKEN=squeamish');
    expect(urls.filter((url) => url.includes('squeamish'))).toEqual([]);
  });

  test('a container of somebody else is neither listed nor touched', async () => {
    const options = {
      Image: engine.image,
      Cmd: ['sleep', '600'],
      Labels: CLUSTER,
      HostConfig: { NetworkMode: 'host' },
    };
    const foreign = await engine.docker.createContainer(options);
    await foreign.start();
    expect(await plugin.describeInstances(CLUSTER, false, never)).toEqual([]);
    await plugin.destroy(foreign.id, 'terminate', call());
    await plugin.drain(foreign.id, call());
    expect((await foreign.inspect()).State.Running).toBe(true);
    await foreign.remove({ force: true });
  });

  test('a description has its properties where they are asked for', async () => {
    await plugin.provision(specOf(), call());
    const [described] = await plugin.describeInstances(CLUSTER, true, never);
    expect(described).toMatchObject({ logicalId: 'cycle/1/1#1', properties: rig.spec, tags: CLUSTER });
    const [plain] = await plugin.describeInstances(CLUSTER, false, never);
    expect(plain?.properties).toBeNull();
  });

  describe('a failure of the engine', () => {
    const answers = (status: number) => {
      proxy.fate = () => ({ status, message: 'as it is' });
      return rig.newPlugin(proxy.socket).describeInstances(CLUSTER, false, never);
    };

    test('that is a refusal, a throttle or an outage is told apart', async () => {
      await expect(answers(400)).rejects.toMatchObject({
        code: 'ENVIRONMENT_REFUSED',
        message: 'The engine says: as it is',
      });
      await expect(answers(429)).rejects.toMatchObject({
        code: 'ENVIRONMENT_THROTTLED',
        details: { environment: 'rig' },
      });
      await expect(answers(503)).rejects.toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE', temporary: true });
      await expect(answers(500)).rejects.toMatchObject({ code: 'ENVIRONMENT_UNAVAILABLE', temporary: true });
    });

    test('that is silence ends at the deadline of the call', async () => {
      proxy.fate = () => 'silent';
      const order = call({ deadline: Date.now() + 300 });
      await expect(rig.newPlugin(proxy.socket).provision(specOf(), order)).rejects.toMatchObject({
        code: 'CALL_DEADLINE',
        details: { token: order.token },
      });
    });

    test('that is its absence says where it was looked for', async () => {
      const absent = rig.newPlugin('/nowhere/docker.sock').describeInstances(CLUSTER, false, never);
      await expect(absent).rejects.toMatchObject({
        code: 'ENVIRONMENT_UNAVAILABLE',
        message: expect.stringContaining('unix:///nowhere/docker.sock'),
      });
    });

    test('that is a missing certificate names the file', async () => {
      const tls = { ca: '/nowhere/ca.pem', cert: '/nowhere/cert.pem', key: '/nowhere/key.pem' };
      const secured = new Engine('rig', { address: 'tcp://127.0.0.1:1', tls }, noSecrets);
      await expect(secured.ask('ping', { signal: never }, (docker) => docker.ping())).rejects.toMatchObject({
        code: 'ENVIRONMENT_REFUSED',
        message: expect.stringContaining('/nowhere/ca.pem'),
      });
    });
  });

  test('an engine is reached by tcp too', async () => {
    const relay = createServer((socket) => {
      const onward = createConnection(engine.socket);
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) end.on('error', () => [socket, onward].map((one) => one.destroy()));
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const address = relay.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const remote = new Engine('rig', { address: `tcp://127.0.0.1:${port}`, tls: null }, noSecrets);
    expect(await remote.ask('ping', { signal: never }, (docker) => docker.version())).toMatchObject({ Os: 'linux' });
    relay.close();
  });
});
