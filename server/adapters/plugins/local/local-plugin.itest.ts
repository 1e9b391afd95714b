import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localSpecSchema } from '../../../contract/local-spec.ts';
import type { MachineFacts, Spec } from '../../../domain/instance/plugin.ts';
import { hostId, openInstallation } from './installation.ts';
import { LocalPlugin, machineId } from './local-plugin.ts';
import { type LocalRig, localRig, testCall } from './local-rig.ts';
import { MachineFiles } from './machine-files.ts';
import { isAlive, lookAtProcess, processesWithEnvironment } from './programs/process-identity.mjs';
import { removeMachines } from './remove-machines.ts';
import { giveOrder } from './supervisor-client.ts';

const never = new AbortController().signal;
const STUCK = { atOnce: 1, durationMs: 3_600_000 };

let rig: LocalRig;
beforeEach(async () => {
  rig = await localRig();
});
afterEach(async () => {
  expect(await rig.close()).toEqual([]);
});

function provision(properties: Spec['properties'], logicalId: string | null = null, init = ''): Promise<string> {
  return rig.plugin.provision({ properties, tags: { team: 'a' }, init, logicalId, attachments: [] }, testCall());
}

async function facts(id: string): Promise<MachineFacts | undefined> {
  return (await rig.plugin.status([id], never)).get(id);
}

/** Looks again and again, for 20 s. */
async function until<T>(look: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  let found = await look();
  for (const end = Date.now() + 20_000; !wanted(found) && Date.now() < end; found = await look()) await sleep(25);
  expect(found).toSatisfy(wanted);
  return found;
}
const becomes = (id: string, wanted: Partial<MachineFacts>) =>
  until(
    () => facts(id),
    (found) => Object.entries(wanted).every(([name, value]) => found?.[name as keyof MachineFacts] === value),
  );
const inService = { state: 'started', health: 'healthy' } as const;
const allEnded = () => until(rig.processes, (pids) => pids.length === 0);

/** A machine as a caller leaves it that dies before it has started the supervisor. */
async function orphan(deadline: number) {
  const id = await provision({ version: '1' }, 'other');
  await rig.plugin.destroy(id, 'terminate', testCall());
  const installation = await openInstallation(rig.dataDirectory);
  const files = new MachineFiles(installation, 'rig');
  const identity = {
    id: machineId(installation, 'rig', 'orphan'),
    logicalId: 'orphan',
    tags: {},
    spec: localSpecSchema.parse({ version: '1' }),
    init: '',
    createdAt: Date.now(),
    deadline,
  };
  expect(await files.create(identity, () => {})).toBe(true);
  await files.mark(identity.id, 'made');
  return { files, identity };
}

const testCallUntil = (signal: AbortSignal) => ({ ...testCall(), signal });

async function readJson(id: string, name: string) {
  return JSON.parse(await readFile(path.join(rig.directory(id), name), 'utf8'));
}

describe('a machine', () => {
  test('is a supervisor and a program, in a directory and behind a socket that only its user may enter', async () => {
    const id = await provision({ version: '1' });
    await becomes(id, inService);
    expect(await rig.processes()).toHaveLength(2);
    const { socket } = await readJson(id, 'identity.json');
    expect((await stat(rig.directory(id))).mode & 0o777).toBe(0o700);
    expect((await stat(path.dirname(socket))).mode & 0o777).toBe(0o700);
    expect(socket.length).toBeLessThan(100);
  });

  test('runs its program with an empty environment plus what the spec names, and never as root', async () => {
    const script = 'id -u > uid; env > env; exec sleep 600';
    const id = await provision({ version: '1', command: ['/bin/sh', '-c', script], env: { COLOUR: 'blue' } });
    await becomes(id, inService);
    const read = (name: string) => readFile(path.join(rig.directory(id), name), 'utf8').catch(() => '');
    const env = await until(
      () => read('env'),
      (text) => text.includes('COLOUR'),
    );
    // The shell itself adds PWD and the like.
    const names = env
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? '')).sort()).toEqual([
      'COLOUR',
      'ROUNDHOUSE_MACHINE',
    ]);
    expect(Number(await read('uid'))).not.toBe(0);
    const supervisor = await readJson(id, 'supervisor.json');
    expect(lookAtProcess(supervisor.pid)?.uid).not.toBe(0);
  });

  test('outlives the process that started it', async () => {
    const script = `
      import { LocalPlugin } from ${JSON.stringify(fileURLToPath(new URL('./local-plugin.ts', import.meta.url)))};
      const plugin = new LocalPlugin({ environmentId: 'rig', dataDirectory: ${JSON.stringify(rig.dataDirectory)} });
      const call = { token: 't', deadline: Date.now() + 20_000, signal: new AbortController().signal };
      const spec = { properties: { version: '1' }, tags: {}, init: '', logicalId: 'outlives', attachments: [] };
      console.log(await plugin.provision(spec, call));
      setInterval(() => {}, 1_000);
    `;
    const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [id] = await once(createInterface({ input: starter.stdout }), 'line');
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    await becomes(id, inService);
    expect(await rig.processes()).toHaveLength(2);
  });

  test.each([
    ['is gone', (file: string) => rm(file)],
    ['names another machine', (file: string) => writeFile(file, JSON.stringify({ id: 'm-another' }))],
  ])('ends itself and its program when its identity file %s', async (_, change) => {
    const id = await provision({ version: '1', jobs: STUCK });
    await becomes(id, inService);
    await change(path.join(rig.directory(id), 'identity.json'));
    await allEnded();
    await rm(rig.directory(id), { recursive: true });
  });

  test('ends with all that its program started', async () => {
    const script = '(trap "" TERM; sleep 600) & (trap "" TERM; setsid sleep 600) & sleep 600';
    const id = await provision({ version: '1', command: ['/bin/sh', '-c', script] });
    await becomes(id, inService);
    await until(rig.processes, (pids) => pids.length >= 5);
    await rig.plugin.destroy(id, 'terminate', testCall());
    await until(
      () => facts(id),
      (found) => found === undefined,
    );
    expect(await rig.processes()).toEqual([]);
  });

  test('is asked by its name: another machine’s socket refuses', async () => {
    const id = await provision({ version: '1' });
    await becomes(id, inService);
    const identity = await readJson(id, 'identity.json');
    await expect(giveOrder({ ...identity, id: 'm-another' }, 'drain', never)).rejects.toThrow('421');
    expect(await facts(id)).toMatchObject(inService);
  });

  test('waits before it runs its program, runs init once, then the command', async () => {
    const id = await provision(
      { version: '1', startDelayMs: 200, command: ['/bin/sh', '-c', 'cat made > seen; exec sleep 600'] },
      null,
      'echo yes >> made',
    );
    expect(await facts(id)).toMatchObject({ state: 'starting', health: 'unknown' });
    await becomes(id, inService);
    const seen = () => readFile(path.join(rig.directory(id), 'seen'), 'utf8').catch(() => '');
    await until(seen, (text) => text === 'yes\n');
  });

  test.each([
    ['init fails', { version: '1' }, 'exit 1'],
    ['the command cannot be run', { version: '1', command: ['/no/such/command'] }, ''],
    ['the command ends', { version: '1', command: ['/bin/sh', '-c', 'exit 0'] }, ''],
  ])('is started and unhealthy when %s', async (_, spec, init) => {
    const id = await provision(spec, null, init);
    await becomes(id, { state: 'started', health: 'unhealthy', healthySince: null });
  });

  test('is healthy while the probe of its spec is answered, and counts from the latest recovery', async () => {
    let status = 503;
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/ready' ? status : 404).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const id = await provision({ version: '1', command: ['sleep', '600'], probe: { port, path: '/ready' } });
    await sleep(300);
    expect(await facts(id)).toMatchObject({ state: 'starting' });
    status = 200;
    const first = await becomes(id, inService);
    status = 503;
    await becomes(id, { state: 'started', health: 'unhealthy', healthySince: null });
    status = 200;
    const second = await becomes(id, inService);
    expect(second?.healthySince).toBeGreaterThan(first?.healthySince ?? Number.POSITIVE_INFINITY);
    server.close();
  });
});

describe('a drain', () => {
  test('names the work in progress, takes no new work and ends when it is done', async () => {
    const id = await provision({ version: '1', jobs: { atOnce: 2, durationMs: 1_500 } });
    const before = await until(
      () => facts(id),
      (found) => found?.workloads.length === 2,
    );
    await rig.plugin.drain(id, testCall());
    const names = (found: MachineFacts | undefined) => found?.workloads.map(({ name }) => name) ?? [];
    const working = names(await facts(id));
    expect(working.length).toBeGreaterThan(0);
    expect(before?.workloads[0]?.since).toEqual(expect.any(Number));
    await until(
      async () => {
        const found = await facts(id);
        for (const name of names(found)) expect(working).toContain(name);
        return found;
      },
      (found) => found?.state === 'drained',
    );
  });

  test('of a command that knows nothing of it is SIGTERM', async () => {
    const script = 'trap "echo drained > said; exit 3" TERM; while :; do sleep 0.05; done';
    const id = await provision({ version: '1', command: ['/bin/sh', '-c', script] });
    await becomes(id, inService);
    await expect(rig.plugin.undrain(id, testCall())).resolves.toBeUndefined();
    // The shell has to have come to its trap.
    await sleep(200);
    await rig.plugin.drain(id, testCall());
    await becomes(id, { state: 'drained' });
    expect(await readFile(path.join(rig.directory(id), 'said'), 'utf8')).toBe('drained\n');
  });

  test('cannot be taken back from a command that knows nothing of it, nor when it is over', async () => {
    const deaf = await provision({
      version: '1',
      command: ['/bin/sh', '-c', 'trap "" TERM; while :; do sleep 0.05; done'],
    });
    const done = await provision({ version: '1' });
    await Promise.all([becomes(deaf, inService), becomes(done, inService)]);
    await sleep(200);
    await rig.plugin.drain(deaf, testCall());
    await rig.plugin.drain(done, testCall());
    await becomes(done, { state: 'drained' });
    for (const id of [deaf, done]) {
      await expect(rig.plugin.undrain(id, testCall())).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED' });
    }
    expect(await facts(deaf)).toMatchObject({ state: 'draining' });
  });

  test('of a machine whose program has not started yet leaves it drained', async () => {
    const id = await provision({ version: '1', startDelayMs: 600_000 });
    await until(
      () =>
        rig.plugin.drain(id, testCall()).then(
          () => true,
          () => false,
        ),
      (accepted) => accepted,
    );
    await becomes(id, { state: 'drained' });
  });
});

describe('a supervisor that is killed', () => {
  test('in the middle of an order leaves its program at work', async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => provision({ version: '1', jobs: STUCK })));
    await Promise.all(ids.map((id) => becomes(id, inService)));
    await Promise.all(
      ids.map(async (id) => {
        const { pid } = await readJson(id, 'supervisor.json');
        // The order is on its way to the program, whose report then finds nobody.
        await rig.plugin.drain(id, testCall());
        process.kill(pid, 'SIGKILL');
      }),
    );
    // Time for a program to fall over what it cannot report.
    await sleep(300);
    for (const id of ids) expect(await facts(id)).toMatchObject({ state: 'draining' });
  });

  test('leaves a machine that is started and unhealthy, can be drained, and is ended with its program', async () => {
    const id = await provision({ version: '1', jobs: { atOnce: 1, durationMs: 500 } });
    await becomes(id, inService);
    await rig.killSupervisor(id);
    expect(await facts(id)).toMatchObject({ state: 'started', health: 'unhealthy', healthySince: null });
    expect(await rig.processes()).toHaveLength(1);
    await rig.plugin.drain(id, testCall());
    await becomes(id, { state: 'drained' });
    await rig.plugin.destroy(id, 'terminate', testCall());
    expect(await facts(id)).toBeUndefined();
  });

  test('leaves a drain that was ordered: draining while the program works, then drained', async () => {
    const id = await provision({ version: '1', jobs: STUCK });
    await becomes(id, inService);
    await rig.plugin.drain(id, testCall());
    const since = (await facts(id))?.drainingSince;
    await rig.killSupervisor(id);
    expect(await facts(id)).toMatchObject({ state: 'draining', drainingSince: since });
    await rig.killInstance(id);
    await becomes(id, { state: 'drained', drainingSince: since });
  });

  test('does not keep its program from being ended with the machine', async () => {
    const id = await provision({ version: '1', jobs: STUCK });
    await becomes(id, inService);
    await rig.killSupervisor(id);
    await rig.plugin.destroy(id, 'terminate', testCall());
    expect(await rig.processes()).toEqual([]);
    expect(await facts(id)).toBeUndefined();
  });

  test('and whose number another process has now, harms nobody: only a matching start time is signalled', async () => {
    const id = await provision({ version: '1', jobs: STUCK });
    await becomes(id, inService);
    await rig.killSupervisor(id);
    await rig.killInstance(id);
    const bystander = spawn('sleep', ['600'], { detached: true });
    await once(bystander, 'spawn');
    const pid = bystander.pid ?? 0;
    const startTime = lookAtProcess(pid)?.startTime ?? '';
    const stale = { pid, startTime: `${startTime}1` };
    await writeFile(path.join(rig.directory(id), 'supervisor.json'), JSON.stringify(stale));
    const state = await readJson(id, 'state.json');
    await writeFile(path.join(rig.directory(id), 'state.json'), JSON.stringify({ ...state, program: stale }));
    expect(await facts(id)).toMatchObject({ state: 'started', health: 'unhealthy' });
    await rig.plugin.destroy(id, 'terminate', testCall());
    expect(await facts(id)).toBeUndefined();
    expect(isAlive({ pid, startTime })).toBe(true);
    bystander.kill('SIGKILL');
    await once(bystander, 'exit');
  });
});

describe('a logical id', () => {
  test('gives one machine, though two processes ask for it at once', async () => {
    const other = new LocalPlugin({ environmentId: 'rig', dataDirectory: rig.dataDirectory });
    const spec: Spec = { properties: { version: '1' }, tags: {}, init: '', logicalId: 'one', attachments: [] };
    const ids = await Promise.all([0, 1, 2, 3].map((k) => (k % 2 ? other : rig.plugin).provision(spec, testCall())));
    expect(new Set(ids).size).toBe(1);
    await becomes(ids[0] ?? '', inService);
    await until(rig.processes, (pids) => pids.length === 2);
  });

  test('gives no second machine after the first was ended, not to another process either', async () => {
    const id = await provision({ version: '1' }, 'once');
    await rig.plugin.destroy(id, 'terminate', testCall());
    const later = new LocalPlugin({ environmentId: 'rig', dataDirectory: rig.dataDirectory });
    const spec: Spec = { properties: { version: '1' }, tags: {}, init: '', logicalId: 'once', attachments: [] };
    expect(await later.provision(spec, testCall())).toBe(id);
    expect(await later.describeInstances({}, false, never)).toEqual([]);
  });

  test('gives no second machine after the first was taken away behind our back', async () => {
    const id = await provision({ version: '1' }, 'taken');
    await becomes(id, inService);
    await rig.removeInstance(id);
    expect(await provision({ version: '1' }, 'taken')).toBe(id);
    expect(await rig.plugin.describeInstances({}, false, never)).toEqual([]);
  });

  test('of one data directory is another machine in another, so that ending the one spares the other', async () => {
    const neighbour = await localRig();
    const spec: Spec = { properties: { version: '1' }, tags: {}, init: '', logicalId: 'same', attachments: [] };
    const spared = await neighbour.plugin.provision(spec, testCall());
    await rig.plugin.destroy(await rig.plugin.provision(spec, testCall()), 'terminate', testCall());
    const look = async () => (await neighbour.plugin.status([spared], never)).get(spared);
    await until(look, (found) => found?.state === 'started');
    expect(await look()).toMatchObject(inService);
    expect(await neighbour.close()).toEqual([]);
  });

  test('whose first caller died before the supervisor was there gets one from the second', async () => {
    const { files, identity } = await orphan(Date.now() + 20_000);
    expect(await facts(identity.id)).toMatchObject({ state: 'starting' });
    expect(await provision({ version: '1' }, 'orphan')).toBe(identity.id);
    await becomes(identity.id, inService);
    expect(await files.ids()).toEqual([identity.id]);
  });

  test('whose caller died and did not come back by its deadline is started and unhealthy', async () => {
    const { identity } = await orphan(Date.now() - 1);
    expect(await facts(identity.id)).toMatchObject({ state: 'started', health: 'unhealthy' });
    await rig.plugin.destroy(identity.id, 'terminate', testCall());
    expect(await facts(identity.id)).toBeUndefined();
  });
});

describe('the plugin', () => {
  test('says INSTANCE_UNKNOWN of an id that never was, and nothing of one that has gone', async () => {
    const id = await provision({ version: '1' });
    await rig.plugin.destroy(id, 'terminate', testCall());
    for (const call of ['drain', 'undrain'] as const) {
      await expect(rig.plugin[call]('m-never', testCall())).rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' });
      await expect(rig.plugin[call](id, testCall())).resolves.toBeUndefined();
    }
    await expect(rig.plugin.destroy('m-never', 'terminate', testCall())).rejects.toMatchObject({
      code: 'INSTANCE_UNKNOWN',
    });
    expect(await rig.plugin.status([id, 'm-never'], never)).toEqual(new Map());
  });

  test('orders nothing in a call that was cancelled', async () => {
    const id = await provision({ version: '1' });
    await becomes(id, inService);
    const cancelled = testCallUntil(AbortSignal.abort());
    const spec: Spec = { properties: { version: '1' }, tags: {}, init: '', logicalId: 'late', attachments: [] };
    await expect(rig.plugin.provision(spec, cancelled)).rejects.toBeDefined();
    await expect(rig.plugin.drain(id, cancelled)).rejects.toBeDefined();
    await expect(rig.plugin.destroy(id, 'terminate', cancelled)).rejects.toBeDefined();
    expect(await rig.plugin.describeInstances({}, false, never)).toHaveLength(1);
    expect(await facts(id)).toMatchObject(inService);
  });

  test('lists by labels, and labels can be added', async () => {
    const id = await provision({ version: '1' });
    expect(await rig.plugin.describeInstances({ team: 'b' }, false, never)).toEqual([]);
    await rig.plugin.label(id, { zone: 'north' });
    const [description] = await rig.plugin.describeInstances({ team: 'a', zone: 'north' }, true, never);
    expect(description).toMatchObject({ id, tags: { team: 'a', zone: 'north' }, properties: { version: '1' } });
    await becomes(id, inService);
  });

  test('refuses a spec it cannot run, naming the field, and attachments', async () => {
    const wrong = { code: 'INVALID_INPUT', details: { field: 'jobs.atOnce' } };
    const properties = { version: '1', jobs: { atOnce: 'two', durationMs: 1_000 } };
    await expect(rig.plugin.validate(properties)).rejects.toMatchObject(wrong);
    await expect(provision(properties)).rejects.toMatchObject(wrong);
    const attached = {
      properties: { version: '1' },
      tags: {},
      init: '',
      logicalId: null,
      attachments: [{ id: 'd', type: 'disk' }],
    };
    await expect(rig.plugin.provision(attached, testCall())).rejects.toMatchObject({ code: 'ENVIRONMENT_REFUSED' });
    expect(await rig.plugin.describeInstances({}, false, never)).toEqual([]);
  });

  test('shows a machine that takes its time to end as terminating, and finishes what a killed caller began', async () => {
    const id = await provision({ version: '1', jobs: STUCK });
    await becomes(id, inService);
    const controller = new AbortController();
    const destroyed = rig.plugin.destroy(id, 'terminate', testCallUntil(controller.signal));
    await becomes(id, { state: 'terminating' });
    controller.abort();
    await destroyed;
    await until(
      () => rig.plugin.describeInstances({}, false, never),
      (found) => found.length === 0,
    );
    expect(await rig.processes()).toEqual([]);
  });

  test('ends a supervisor that does not stop when it is told to', async () => {
    const id = await provision({ version: '1', jobs: STUCK });
    await becomes(id, inService);
    const { pid } = await readJson(id, 'supervisor.json');
    process.kill(pid, 'SIGSTOP');
    await rig.plugin.destroy(id, 'terminate', testCall());
    await until(
      () => rig.plugin.describeInstances({}, false, never),
      (found) => found.length === 0,
    );
    await allEnded();
  });
});

describe('the installation', () => {
  test('has one host id for one data directory, for whichever process asks', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => hostId(rig.dataDirectory)));
    expect(new Set(ids).size).toBe(1);
    const other = await mkdtemp(path.join(tmpdir(), 'roundhouse-local-'));
    expect(await hostId(other)).not.toBe(ids[0]);
    await rm((await openInstallation(other)).sockets, { recursive: true });
    await rm(other, { recursive: true });
  });

  test('goes down with all machines of all its environments, and of no other', async () => {
    const neighbour = await localRig();
    const id = await provision({ version: '1', jobs: STUCK });
    const second = new LocalPlugin({ environmentId: 'second', dataDirectory: rig.dataDirectory });
    const spec: Spec = { properties: { version: '1' }, tags: {}, init: '', logicalId: 'x', attachments: [] };
    const other = await second.provision(spec, testCall());
    const spared = await neighbour.plugin.provision(spec, testCall());
    expect([...(await removeMachines(rig.dataDirectory))].sort()).toEqual([id, other].sort());
    expect(await rig.processes()).toEqual([]);
    expect(processesWithEnvironment(`ROUNDHOUSE_MACHINE=${other}`)).toEqual([]);
    await until(
      async () => (await neighbour.plugin.status([spared], never)).get(spared),
      (found) => found?.health === 'healthy',
    );
    expect(await neighbour.close()).toEqual([]);
    expect(await removeMachines(path.join(rig.dataDirectory, 'nothing-here'))).toEqual([]);
  });
});
