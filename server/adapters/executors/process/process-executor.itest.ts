import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LogLine, WorkloadObservation } from '../../../domain/execution/controller.ts';
import type { Execution, MachineRef, WorkloadSpec } from '../../../domain/execution/execution.ts';
import { testCall } from '../../plugins/local/local-rig.ts';
import { Component } from '../../plugins/local/programs/component.mjs';
import { processesWithEnvironment } from '../../plugins/local/programs/process-identity.mjs';
import { removeMachines } from '../../plugins/local/remove-machines.ts';
import { executorConformance } from '../conformance.ts';
import type { ProcessController } from './process-controller.ts';
import type { ProcessExecutor } from './process-executor.ts';
import { type ProcessRig, processRig } from './process-rig.ts';

executorConformance('process', processRig);

const never = new AbortController().signal;
const http = { ports: [{ name: 'http', port: 0 }], probe: { port: 'http', path: '/health' } };

describe('components of local machines', () => {
  let rig: ProcessRig;
  let executor: ProcessExecutor;
  let machine: MachineRef;
  let executions = 0;

  beforeEach(async () => {
    rig = await processRig();
    executor = rig.newExecutor();
    machine = await rig.newMachine();
  });
  afterEach(async () => {
    expect(await rig.close()).toEqual([]);
  });

  function execution(workload: Partial<WorkloadSpec>, id = `p-${++executions}`): Execution {
    return {
      id,
      name: id,
      machine,
      desiredState: 'COMPLETE',
      status: { state: 'NEW', message: '', err: '', container: null, ports: null, timestamp: null },
      workload: { image: null, command: [], env: {}, ports: [], probe: null, secrets: [], configs: [], ...workload },
    };
  }
  const script = (text: string, workload: Partial<WorkloadSpec> = {}) =>
    execution({ ...rig.script(text), ...workload });

  async function started(run: Execution): Promise<ProcessController> {
    const controller = await executor.controller(run, never);
    await controller.prepare(never);
    await controller.start(never);
    return controller;
  }

  async function until<T>(look: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
    let found = await look();
    for (const end = Date.now() + 15_000; !wanted(found) && Date.now() < end; found = await look()) await sleep(20);
    expect(found).toSatisfy(wanted);
    return found;
  }
  const becomes = (run: Execution, wanted: Partial<WorkloadObservation>) =>
    until(
      () => executor.observe(run, never),
      (found) => Object.entries(wanted).every(([name, value]) => found?.[name as keyof WorkloadObservation] === value),
    );
  const facts = async () => (await rig.local.plugin.status([machine.instanceId], never)).get(machine.instanceId);
  const state = (wanted: string) => until(facts, (found) => found?.state === wanted);

  async function log(run: Execution): Promise<readonly LogLine[]> {
    const lines: LogLine[] = [];
    const all = { follow: false, tail: null, since: null, streams: [] };
    for await (const some of executor.logs(run, 0, all, never)) lines.push(...some);
    return lines;
  }
  const said = (run: Execution, text: string) =>
    until(
      () => log(run),
      (lines) => lines.some((line) => line.text === text),
    );
  const processesOf = (run: Execution) => processesWithEnvironment(`ROUNDHOUSE_EXECUTION=${run.id}`);

  /** As a host comes back on which the supervisor died, with a new one for the same directory. */
  async function supervisorAgain(): Promise<void> {
    await rm(path.join(rig.local.directory(machine.instanceId), 'supervisor.json'));
    const identity = JSON.parse(
      await readFile(path.join(rig.local.directory(machine.instanceId), 'identity.json'), 'utf8'),
    );
    const { spec, tags, init, logicalId } = identity;
    await rig.local.plugin.provision({ properties: spec, tags, init, logicalId, attachments: [] }, testCall());
    await until(
      () =>
        executor.list(machine, never).then(
          () => true,
          () => false,
        ),
      (answers) => answers,
    );
  }

  describe('a secret', () => {
    test('is in its file, which only the machine’s user may read, and nowhere else', async () => {
      const value = rig.secrets.get('token') ?? '';
      const run = script(
        'tr "\\0" "\\n" < /proc/self/environ; tr "\\0" " " < /proc/$$/cmdline; echo; echo up; sleep 600',
        {
          secrets: ['token'],
        },
      );
      await started(run);
      await said(run, 'up');
      const root = rig.local.directory(machine.instanceId);
      const files = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      const holders: string[] = [];
      for (const file of files) {
        const name = path.join(file.parentPath, file.name);
        const text = await readFile(name, 'utf8');
        if (text.includes(value) || text.includes(Buffer.from(value).toString('base64'))) holders.push(name);
        expect((await stat(name)).mode & 0o077, name).toBe(0);
      }
      const directory = path.join(root, 'components', run.id);
      expect(holders).toEqual([path.join(directory, 'secrets', 'token')]);
      expect(files.map(({ name }) => name)).toContain('component.json');
      for (const name of ['', 'secrets', 'configs']) {
        expect((await stat(path.join(directory, name))).mode & 0o777).toBe(0o700);
      }
    });

    test('may not lead out of its directory by its name', async () => {
      const run = script('exit 0', { secrets: ['../configs/led-astray'] });
      const controller = await executor.controller(run, never);
      await expect(controller.prepare(never)).rejects.toMatchObject({
        code: 'ENVIRONMENT_REFUSED',
        message: '../configs/led-astray is not a name for a file.',
      });
      expect(await executor.list(machine, never)).toEqual([]);
    });
  });

  describe('a directory of a component', () => {
    test('is written once where two ask for it at once, and no other copy of its secrets stays', async () => {
      const parent = path.join(rig.local.dataDirectory, 'prepared');
      await mkdir(parent);
      const host = { machineId: machine.instanceId, changed: () => undefined, note: () => undefined };
      const files = { secrets: { token: Buffer.from('s3cret').toString('base64') }, configs: {} };
      const order = { label: 'it', command: ['true'], env: {}, ports: [{ name: 'http', port: 0 }], probe: null, files };
      const prepare = () => Component.prepare('it', path.join(parent, 'it'), order, host);
      const [first, second] = await Promise.all([prepare(), prepare()]);
      expect([first, second]).toEqual([expect.any(Component), null]);
      expect(await readdir(parent)).toEqual(['it']);
      await first?.remove();
    });

    test('that cannot be written leaves nothing of its secrets', async () => {
      const parent = path.join(rig.local.dataDirectory, 'prepared');
      await mkdir(parent);
      const host = { machineId: machine.instanceId, changed: () => undefined, note: () => undefined };
      const files = { secrets: { token: 'czNjcmV0' }, configs: { 'no/such/directory': '' } };
      const order = { label: 'it', command: ['true'], env: {}, ports: [], probe: null, files };
      await expect(Component.prepare('it', path.join(parent, 'it'), order, host)).rejects.toThrow('ENOENT');
      expect(await readdir(parent)).toEqual([]);
    });

    test('that was being written when its supervisor died is taken away by the next, with its secrets', async () => {
      const run = script('exit 0', { secrets: ['token'] });
      await (await executor.controller(run, never)).prepare(never);
      await rig.local.killSupervisor(machine.instanceId);
      await rig.local.killInstance(machine.instanceId);
      const components = path.join(rig.local.directory(machine.instanceId), 'components');
      await rename(path.join(components, run.id), path.join(components, `.${run.id}`));
      await supervisorAgain();
      expect(await executor.list(machine, never)).toEqual([]);
      expect(await readdir(components)).toEqual([]);
    });
  });

  test('never run as root', async () => {
    const run = script('id -u');
    await (await started(run)).wait(never);
    expect(Number((await log(run))[0]?.text)).toBeGreaterThan(0);
  });

  test('keep the network’s keys, which change nothing', async () => {
    const keys = [{ subsystem: 'overlay', key: new Uint8Array([1]) }];
    await executor.setNetworkKeys(keys);
    expect(executor.networkKeys).toEqual(keys);
  });

  test('run once, however many ask for it at once', async () => {
    const run = script('echo run; sleep 0.2');
    const askers = await Promise.all([1, 2, 3, 4, 5].map(() => rig.newExecutor().controller(run, never)));
    await Promise.allSettled(askers.map((asker) => asker.prepare(never)));
    const starts = await Promise.allSettled(askers.map((asker) => asker.start(never)));
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await Promise.all(askers.map((asker) => asker.wait(never)));
    expect((await log(run)).map(({ text }) => text)).toEqual(['run']);
  });

  test('are not started where that cannot be written down first', async () => {
    const run = script('echo run');
    const controller = await executor.controller(run, never);
    await controller.prepare(never);
    const directory = path.join(rig.local.directory(machine.instanceId), 'components', run.id);
    await chmod(directory, 0o500);
    await expect(controller.start(never)).rejects.toMatchObject({ temporary: true });
    await chmod(directory, 0o700);
    expect(await executor.observe(run, never)).toMatchObject({ startedAt: null });
    await controller.start(never);
    await controller.wait(never);
    expect((await log(run)).map(({ text }) => text)).toEqual(['run']);
  });

  test('outlive the process that started them, which is killed, and are found by the next', async () => {
    const run = script('echo run; sleep 600');
    const module = fileURLToPath(new URL('./process-executor.ts', import.meta.url));
    const source = `
      import { ProcessExecutor } from ${JSON.stringify(module)};
      const none = { get: async () => null };
      const executor = new ProcessExecutor({
        dataDirectory: ${JSON.stringify(rig.local.dataDirectory)},
        dependenciesOf: async () => ({ label: 'run', secrets: none, configs: none }),
      });
      const never = new AbortController().signal;
      const controller = await executor.controller(${JSON.stringify(run)}, never);
      await controller.prepare(never);
      await controller.start(never);
      console.log('started');
      await controller.wait(never);
    `;
    const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: starter.stdout }), 'line');
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    await becomes(run, { ready: true });
    const controller = await executor.controller(run, never);
    await expect(controller.prepare(never)).rejects.toMatchObject({ code: 'ALREADY_PREPARED' });
    await expect(controller.start(never)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
    await controller.terminate(never);
    await expect(controller.wait(never)).rejects.toMatchObject({ exitCode: 137 });
    expect((await log(run)).map(({ text }) => text)).toEqual(['run']);
  });

  test('are removed with what left their group', async () => {
    const run = script('setsid sleep 600 & echo up; sleep 600');
    const controller = await started(run);
    await said(run, 'up');
    await until(
      async () => processesOf(run).length,
      (count) => count >= 3,
    );
    await controller.remove(never);
    await until(
      async () => processesOf(run),
      (left) => left.length === 0,
    );
    expect(await readdir(path.join(rig.local.directory(machine.instanceId), 'components'))).toEqual([]);
  });

  test('get ports that differ, and that stay theirs until they start', async () => {
    const runs = Array.from({ length: 20 }, () => script('sleep 600', { ports: [{ name: 'http', port: 0 }] }));
    for (const run of runs) await (await executor.controller(run, never)).prepare(never);
    const observations = await Promise.all(runs.map((run) => executor.observe(run, never)));
    const addresses = observations.flatMap((found) => found?.ports.map(({ address }) => address) ?? []);
    expect(new Set(addresses).size).toBe(20);
    const [first = ''] = addresses;
    const thief = createServer();
    thief.listen(Number(first.split(':')[1]), '127.0.0.1');
    const [error] = await once(thief, 'error');
    expect(error).toMatchObject({ code: 'EADDRINUSE' });
  });

  test('stop being ready after two probes that fail, and say why', async () => {
    let status = 200;
    const server = createServer((_request, response) => {
      response.writeHead(status).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const run = script('sleep 600', { ports: [{ name: 'http', port }], probe: { port: 'http', path: '/' } });
    await started(run);
    await becomes(run, { ready: true, reason: '' });
    status = 503;
    await becomes(run, { ready: false, reason: 'HTTP 503' });
    status = 200;
    await becomes(run, { ready: true, reason: '' });
    server.close();
    await becomes(run, { ready: false, reason: 'connection refused' });
  });

  describe('a machine', () => {
    test('carries them as work in progress beside its own, and is drained when they have ended too', async () => {
      const run = script('exec sleep 600');
      const controller = await started(run);
      const [workload] = (await facts())?.workloads ?? [];
      expect(workload).toEqual({ name: `${run.name} of a test`, since: expect.any(Number) });
      await rig.local.plugin.drain(machine.instanceId, testCall());
      // The program ends at once, for it has nothing to do.
      await until(rig.local.processes, (pids) => pids.length === 2);
      expect(await facts()).toMatchObject({ state: 'draining', health: 'unknown' });
      await expect(rig.local.plugin.undrain(machine.instanceId, testCall())).rejects.toMatchObject({
        code: 'ENVIRONMENT_REFUSED',
      });
      // Whoever holds the machine may finish.
      const second = script('exec sleep 600');
      const next = await started(second);
      await controller.terminate(never);
      expect(await facts()).toMatchObject({ state: 'draining', workloads: [{ name: `${second.name} of a test` }] });
      await next.shutdown(never);
      expect(await state('drained')).toMatchObject({ workloads: [] });
    });

    test('that drains waits for what is prepared, until that is removed', async () => {
      const controller = await executor.controller(script('exit 0'), never);
      await controller.prepare(never);
      await rig.local.plugin.drain(machine.instanceId, testCall());
      await until(rig.local.processes, (pids) => pids.length === 1);
      expect(await facts()).toMatchObject({ state: 'draining' });
      await controller.remove(never);
      await state('drained');
    });

    test('takes all of them with it when it is terminated, what ignores a signal and what left its group too', async () => {
      const run = script('trap "" TERM; (trap "" TERM; setsid sleep 600) & echo up; sleep 600');
      await started(run);
      await said(run, 'up');
      await rig.local.plugin.destroy(machine.instanceId, 'terminate', testCall());
      await until(facts, (found) => found === undefined);
      expect(processesOf(run)).toEqual([]);
    });

    test('tells those who wait for a component that it was ended with its machine', async () => {
      const controller = await started(script('trap "exit 0" TERM; while :; do sleep 0.02; done'));
      const waited = controller.wait(never).catch((error: unknown) => error);
      await sleep(100);
      await rig.local.plugin.destroy(machine.instanceId, 'terminate', testCall());
      expect(await waited).toMatchObject({ message: expect.stringMatching(/machine/) });
    });

    test('whose socket is gone gives no answer for now', async () => {
      const identity = JSON.parse(
        await readFile(path.join(rig.local.directory(machine.instanceId), 'identity.json'), 'utf8'),
      );
      await rm(identity.socket);
      await expect(executor.list(machine, never)).rejects.toMatchObject({
        code: 'ENVIRONMENT_UNAVAILABLE',
        temporary: true,
      });
    });
  });

  describe('a supervisor that is killed', () => {
    test('leaves components that nobody can tell of, that can be ended, and that end with the machine', async () => {
      const runs = [script('trap "" TERM; sleep 600'), script('setsid sleep 600 & sleep 600')];
      const controllers = [];
      for (const run of runs) controllers.push(await started(run));
      await rig.local.killSupervisor(machine.instanceId);
      const [run = script('')] = runs;
      await expect(executor.observe(run, never)).rejects.toMatchObject({
        code: 'ENVIRONMENT_REFUSED',
        temporary: false,
        message: expect.stringContaining('supervisor'),
      });
      expect(processesOf(run)).not.toEqual([]);
      await controllers[0]?.shutdown(never);
      await controllers[0]?.remove(never);
      expect(processesOf(run)).toEqual([]);
      await rig.local.plugin.destroy(machine.instanceId, 'terminate', testCall());
      expect(await rig.local.processes()).toEqual([]);
    });

    test('leaves a machine that drains until they have ended', async () => {
      const controller = await started(script('sleep 600'));
      await rig.local.killSupervisor(machine.instanceId);
      await rig.local.plugin.drain(machine.instanceId, testCall());
      await rig.local.killInstance(machine.instanceId);
      expect(await facts()).toMatchObject({ state: 'draining' });
      await controller.terminate(never);
      expect(await facts()).toMatchObject({ state: 'drained' });
    });

    test('leaves nothing to the command that takes all machines down', async () => {
      await started(script('sleep 600'));
      await rig.local.killSupervisor(machine.instanceId);
      expect(await removeMachines(rig.local.dataDirectory)).toEqual([machine.instanceId]);
      expect(await rig.local.processes()).toEqual([]);
    });

    test('and has a successor, leaves a component that is lost, is not run again, and keeps its log but for a line cut short', async () => {
      const run = script('echo run; sleep 600');
      const controller = await started(run);
      await said(run, 'run');
      await rig.local.killSupervisor(machine.instanceId);
      await rig.local.killInstance(machine.instanceId);
      const file = path.join(rig.local.directory(machine.instanceId), 'components', run.id, 'log');
      await appendFile(file, '[1795253590977,"o","cut sho');
      await supervisorAgain();
      await expect(controller.start(never)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
      await expect(controller.wait(never)).rejects.toMatchObject({
        temporary: false,
        message: expect.stringContaining('how it ended is not known'),
      });
      expect(await executor.observe(run, never)).toMatchObject({ exitCode: null, signal: null, ready: false });
      expect(processesOf(run)).toEqual([]);
      expect((await log(run)).map(({ text }) => text)).toEqual(['run']);
    });

    test('between writing down a start and making it, leaves a component that is lost and never runs', async () => {
      const run = script('echo run');
      const controller = await executor.controller(run, never);
      await controller.prepare(never);
      await rig.local.killSupervisor(machine.instanceId);
      await rig.local.killInstance(machine.instanceId);
      const file = path.join(rig.local.directory(machine.instanceId), 'components', run.id, 'component.json');
      await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), startedAt: Date.now() }));
      await supervisorAgain();
      await expect(controller.start(never)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
      await expect(controller.wait(never)).rejects.toMatchObject({ temporary: false });
      expect(await log(run)).toEqual([]);
    });
  });

  test('write logs of 200,000 lines, of which any part is read in a moment, by a successor too', async () => {
    const run = script('seq -f "line %.0f of many, as long as lines of logs use to be" 200000; sleep 600');
    await started(run);
    const screen = async (from: number, tail: number | null) => {
      const begun = performance.now();
      for await (const lines of executor.logs(run, from, { follow: true, tail, since: null, streams: [] }, never)) {
        return { lines, ms: performance.now() - begun };
      }
      throw new Error('no lines');
    };
    // Until all are written.
    expect((await screen(199_999, null)).lines[0]?.text).toMatch(/^line 200000 /);
    const look = async () => {
      const middle = await screen(123_456, null);
      expect(middle.lines[0]).toMatchObject({ line: 123_456, text: expect.stringMatching(/^line 123457 /) });
      const last = await screen(0, 100);
      expect(last.lines.map(({ line }) => line)).toEqual(Array.from({ length: 100 }, (_, index) => 199_900 + index));
      expect(Math.max(middle.ms, last.ms)).toBeLessThan(1_000);
    };
    await look();
    await rig.local.killSupervisor(machine.instanceId);
    await rig.local.killInstance(machine.instanceId);
    await supervisorAgain();
    await look();
  });

  describe('the bundled example', () => {
    async function address(run: Execution): Promise<string> {
      const found = await until(
        () => executor.observe(run, never),
        (observation) => observation?.ready === true,
      );
      return found?.ports[0]?.address ?? '';
    }

    /** A server and two clients that are ready, and what a driver needs to know of them. */
    async function workers(serverEnv: Record<string, string> = {}) {
      const server = execution({ image: 'http-server', env: { WORKER_KIND: 'server', ...serverEnv }, ...http });
      const clients = [1, 2].map(() => execution({ image: 'http-load', env: { WORKER_KIND: 'client' }, ...http }));
      for (const run of [server, ...clients]) await started(run);
      const addresses = await Promise.all([server, ...clients].map(address));
      return { addresses, server, clients };
    }
    const drive = (addresses: readonly string[], scenario: object) =>
      execution({
        image: 'http-driver',
        env: { WORKER_KIND: 'driver', QPS_WORKERS: addresses.join(','), SCENARIO_JSON: JSON.stringify(scenario) },
      });

    test('measures its server from two clients, second by second, and leaves the figures', async () => {
      const { addresses } = await workers();
      const driver = drive(addresses, { seconds: 3, warmupSeconds: 1, concurrency: 4, maxP99Ms: 5_000 });
      await (await started(driver)).wait(never);
      const results = JSON.parse((await executor.observe(driver, never))?.results ?? '{}');
      expect(results.summary.throughput).toBeGreaterThan(0);
      expect(results.summary.errors).toBe(0);
      const { p50Ms, p90Ms, p99Ms, maxMs } = results.summary;
      expect(p50Ms).toBeGreaterThan(0);
      expect([p50Ms, p90Ms, p99Ms, maxMs]).toEqual([p50Ms, p90Ms, p99Ms, maxMs].sort((a, b) => a - b));
      expect(results.clients.map(({ address }: { address: string }) => address)).toEqual(addresses.slice(1));
      const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
      expect(sum(results.clients.map(({ requests }: { requests: number }) => requests))).toBe(results.summary.requests);
      expect(results.timeline.map(({ second }: { second: number }) => second)).toEqual([0, 1, 2]);
      expect(sum(results.timeline.map(({ throughput }: { throughput: number }) => throughput))).toBe(
        results.summary.requests,
      );
      const lines = (await log(driver)).map(({ text }) => text);
      expect(lines.filter((text) => /^INFO second \d: /.test(text))).toHaveLength(3);
    });

    test('keeps to the rate that is asked for', async () => {
      const { addresses } = await workers();
      const driver = drive(addresses, { seconds: 2, warmupSeconds: 0, concurrency: 4, rate: 20 });
      await (await started(driver)).wait(never);
      const { summary } = JSON.parse((await executor.observe(driver, never))?.results ?? '{}');
      // 20 a second from each of the two clients, and one more of each at the very end; without a rate there are thousands.
      expect(summary.requests).toBeGreaterThan(40);
      expect(summary.requests).toBeLessThanOrEqual(82);
    });

    test.each([
      ['the figures fall short of the scenario', {}, { minThroughput: 1e9 }, 'the scenario demands 1000000000'],
      ['its server fails', { FAIL_AFTER_MS: '1500' }, {}, 'requests failed, the last one with'],
    ])('fails, and says why in its last line, when %s', async (_, serverEnv, scenario, why) => {
      const { addresses, server } = await workers(serverEnv);
      const driver = drive(addresses, { seconds: 2, warmupSeconds: 0, concurrency: 2, ...scenario });
      await expect((await started(driver)).wait(never)).rejects.toMatchObject({ exitCode: 1 });
      expect((await log(driver)).at(-1)).toMatchObject({ stream: 'stderr', text: expect.stringContaining(why) });
      if ('FAIL_AFTER_MS' in serverEnv) {
        expect(await executor.observe(server, never)).toMatchObject({ exitCode: 3 });
        expect((await log(server)).at(-1)?.text).toContain('FAIL_AFTER_MS');
      }
    });

    test('fails, and says which it was, when a client is lost', async () => {
      const { addresses, clients } = await workers();
      const driver = drive(addresses, { seconds: 20, warmupSeconds: 0, concurrency: 2 });
      const controller = await started(driver);
      await until(
        () => log(driver),
        (lines) => lines.some(({ text }) => text.startsWith('INFO second 0')),
      );
      const [client = driver] = clients;
      await (await executor.controller(client, never)).terminate(never);
      await expect(controller.wait(never)).rejects.toMatchObject({ exitCode: 1 });
      expect((await log(driver)).at(-1)?.text).toContain(`The client ${addresses[1]} was lost`);
    });
  });
});
