import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTemporary } from '../../../domain/errors.ts';
import type { LogLine } from '../../../domain/execution/controller.ts';
import type { Execution, MachineRef, WorkloadSpec } from '../../../domain/execution/execution.ts';
import { type CuttingProxy, cuttingProxy } from '../../plugins/docker/cutting-proxy.ts';
import { withTestEngine } from '../../plugins/docker/test-engine.ts';
import { type DockerExecutorRig, dockerExecutorRig } from './docker-executor-rig.ts';
import { testRegistry } from './test-registry.ts';

const never = new AbortController().signal;

await withTestEngine('components of Docker machines', (engine) => {
  let rig: DockerExecutorRig;
  let proxy: CuttingProxy;
  let machine: MachineRef;

  beforeEach(async () => {
    rig = await dockerExecutorRig(engine);
    proxy = await cuttingProxy(engine.socket);
    machine = await rig.newMachine();
  });
  afterEach(async () => {
    await proxy.close();
    expect(await rig.close()).toEqual([]);
  });

  const script = (text: string, workload: Partial<WorkloadSpec> = {}): Execution => ({
    id: 'exe_1',
    name: 'driver',
    machine,
    desiredState: 'COMPLETE',
    status: { state: 'NEW', message: '', err: '', container: null, ports: null, timestamp: null },
    workload: { ...rig.script(text), env: {}, ports: [], probe: null, secrets: [], configs: [], ...workload },
  });
  async function log(run: Execution): Promise<readonly string[]> {
    const lines: LogLine[] = [];
    const all = { follow: false, tail: null, since: null, streams: [] };
    for await (const some of rig.newExecutor().logs(run, 0, all, never)) lines.push(...some);
    return lines.map(({ text }) => text);
  }
  const components = () =>
    engine.docker.listContainers({ all: true, filters: { label: [`roundhouse.execution=exe_1`] } });

  test.each([
    ['creation', 'POST', /\/containers\/create/],
    ['files', 'PUT', /\/archive/],
    ['name', 'POST', /\/rename/],
    ['start', 'POST', /\/start/],
    ['first look', 'GET', /\/volumes\//],
  ])(
    'that lose the answer to their %s are taken up by another executor, and run once, whole',
    async (_, method, url) => {
      const run = script('echo run; cat $ROUNDHOUSE_SECRETS/token; echo', { secrets: ['token'] });
      let lost = false;
      proxy.fate = (asked, at) => {
        if (lost || asked !== method || !url.test(at)) return 'answered';
        lost = true;
        return 'lost';
      };
      const first = await rig.newExecutor(proxy.socket).controller(run, never);
      const tried = first.prepare(never).then(() => first.start(never));
      await expect(tried).rejects.toSatisfy(isTemporary);
      expect(lost).toBe(true);

      const second = await rig.newExecutor().controller(run, never);
      await second.prepare(never).catch(already);
      await second.start(never).catch(already);
      await second.wait(never);
      expect(await log(run)).toEqual(['run', 'squeamish ossifrage']);
      expect(await rig.newExecutor().list(machine, never)).toEqual(['exe_1']);
      await second.remove(never);
      expect(await components()).toEqual([]);
    },
  );

  function already(error: unknown): void {
    expect(error).toMatchObject({ code: expect.stringMatching(/^ALREADY_(PREPARED|STARTED)$/) });
  }

  test('read their secrets as the user of their image, and nobody else does', async () => {
    const base = await engine.docker.createContainer({ Image: engine.image, Cmd: ['true'] });
    const { Id } = await base.commit({ repo: 'roundhouse-user', changes: 'USER 1234:99' });
    await base.remove();
    const run = script('cat $ROUNDHOUSE_SECRETS/token; echo; ls -ln $ROUNDHOUSE_SECRETS/token | cut -c 1-10', {
      image: Id,
      secrets: ['token'],
    });
    const controller = await rig.newExecutor().controller(run, never);
    await controller.prepare(never);
    await controller.start(never);
    await controller.wait(never);
    expect(await log(run)).toEqual(['squeamish ossifrage', '-rw-------']);
    await controller.remove(never);
    await engine.docker.getImage(Id).remove();
  });

  test('are refused files whose names would lead out of their place, and nothing is left', async () => {
    const run = script('exit 0', { secrets: ['../configs/led-astray'] });
    const controller = await rig.newExecutor().controller(run, never);
    await expect(controller.prepare(never)).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED' });
    expect(await components()).toEqual([]);
  });

  test('pull the image that the engine lacks, once', async () => {
    const registry = await testRegistry(engine);
    const { image, asked } = registry;
    try {
      const run = script('echo $PULLED', { image });
      const controller = await rig.newExecutor().controller(run, never);
      await controller.prepare(never);
      const pulled = asked.length;
      expect(pulled).toBeGreaterThan(0);
      await controller.start(never);
      await controller.wait(never);
      expect(await log(run)).toEqual(['yes']);

      const again = { ...run, id: 'exe_2' };
      await (await rig.newExecutor().controller(again, never)).prepare(never);
      expect(asked).toHaveLength(pulled);
    } finally {
      await registry.close();
    }
  });

  test('whose image cannot be pulled say why, and nothing is left', async () => {
    proxy.fate = (_, url) =>
      url.includes('/images/create') ? { status: 404, message: 'manifest unknown' } : 'answered';
    const run = script('exit 0', { image: 'nowhere.test/app:1' });
    const controller = await rig.newExecutor(proxy.socket).controller(run, never);
    await expect(controller.prepare(never)).rejects.toMatchObject({
      code: 'ENVIRONMENT_REFUSED',
      message: expect.stringContaining('manifest unknown'),
    });
    expect(await components()).toEqual([]);
  });

  test('are reached on a bridge at addresses of their own, each at the ports that it would have alone', async () => {
    const network = await engine.docker.createNetwork({ Name: 'roundhouse-test' });
    const executor = rig.newExecutor(engine.socket, 'roundhouse-test');
    const serve = 'mkdir -p /tmp/www; echo up > /tmp/www/health; exec httpd -f -p $PORT_HTTP -h /tmp/www';
    const ports = [
      { name: 'admin', port: 9_090 },
      { name: 'http', port: 0 },
    ];
    const server = script(serve, { ports, probe: { port: 'http', path: '/health' } });
    try {
      const hosts = new Set<string>();
      for (const id of ['exe_1', 'exe_2']) {
        const run = { ...server, id };
        const controller = await executor.controller(run, never);
        await controller.prepare(never);
        await controller.start(never);
        const isReady = async () => (await executor.observe(run, never))?.ready;
        await expect.poll(isReady, { timeout: 10_000 }).toBe(true);
        const found = (await executor.observe(run, never))?.ports ?? [];
        const host = found[0]?.address.split(':')[0] ?? '';
        expect(found).toEqual([
          { name: 'admin', address: `${host}:9090` },
          { name: 'http', address: `${host}:8081` },
        ]);
        hosts.add(host);
      }
      expect(hosts.size).toBe(2);
    } finally {
      for (const { Id } of await engine.docker.listContainers({ all: true, filters: { network: ['roundhouse-test'] } }))
        await engine.docker.getContainer(Id).remove({ force: true });
      await network.remove();
    }
  });

  test('are never started again by the engine, nor are their machines', async () => {
    await (await rig.newExecutor().controller(script('exit 0'), never)).prepare(never);
    const label = [`roundhouse.id=${machine.instanceId}`];
    const machines = await engine.docker.listContainers({ filters: { label } });
    const made = [...(await components()), ...machines];
    expect(made).toHaveLength(2);
    for (const { Id } of made) {
      const { HostConfig } = await engine.docker.getContainer(Id).inspect();
      expect(HostConfig.RestartPolicy).toMatchObject({ Name: 'no' });
    }
  });

  test('are the work in progress of their machine, which is not drained before they have ended', async () => {
    const plugin = rig.docker.newPlugin();
    const run = script('trap "" TERM; sleep 600');
    const controller = await rig.newExecutor().controller(run, never);
    await controller.prepare(never);
    await controller.start(never);
    const call = { token: 'test', deadline: Date.now() + 10_000, signal: never };
    const facts = async () => (await plugin.status([machine.instanceId], never)).get(machine.instanceId);
    expect((await facts())?.workloads).toMatchObject([{ name: 'driver of a test' }]);
    await plugin.drain(machine.instanceId, call);
    await machineEnded();
    expect(await facts()).toMatchObject({ state: 'draining', workloads: [{ name: 'driver of a test' }] });
    await controller.terminate(never);
    expect(await facts()).toMatchObject({ state: 'drained', workloads: [] });
  });

  async function machineEnded(): Promise<void> {
    const label = [`roundhouse.id=${machine.instanceId}`];
    const [found] = await engine.docker.listContainers({ all: true, filters: { label } });
    await engine.docker.getContainer(found?.Id ?? '').wait();
  }
});
