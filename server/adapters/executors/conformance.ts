import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { advance } from '../../domain/execution/advance.ts';
import type { Controller, LogLine, LogSubscription, WorkloadObservation } from '../../domain/execution/controller.ts';
import type { Execution, ExecutionState, MachineRef, WorkloadSpec } from '../../domain/execution/execution.ts';
import type { Executor } from '../../domain/execution/executor.ts';

/** A world of an executor for one test, and the ways to make it misbehave. */
export interface ExecutorRig {
  /** Another object on the same world, as a process has it that was started later. */
  newExecutor(): Executor;
  /** A new machine that can run workloads. */
  newMachine(): Promise<MachineRef>;
  /** The machine is taken away behind our back, with all that runs on it. */
  removeMachine(machine: MachineRef): Promise<void>;
  /** What executions may name. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly configs: ReadonlyMap<string, string>;
  /** How a workload runs a script of /bin/sh. */
  script(text: string): Pick<WorkloadSpec, 'image' | 'command'>;
  /** A workload that answers GET /health with 200 on PORT, and any other path but /kind and /work with 404. */
  readonly server: Pick<WorkloadSpec, 'image' | 'command'>;
  /** A workload that the executor cannot run at all. */
  readonly unsupported: Pick<WorkloadSpec, 'image' | 'command'>;
  /** Variables that every program of this kind of machine finds, whoever runs it. */
  readonly ambient: readonly string[];
  /** Between what a shutdown asks and what it forces. */
  readonly graceMs: number;
  /** Ends everything. Answers what it could not end. */
  close(): Promise<readonly string[]>;
}

const PATIENCE_MS = 15_000;
const never = new AbortController().signal;
const everything: LogSubscription = { follow: false, tail: null, since: null, streams: [] };

/** What every executor must hold, run as tests on it. Call it at the top of an `*.itest.ts`. */
export function executorConformance(name: string, setup: () => Promise<ExecutorRig>): void {
  describe(`${name} conforms to Executor`, () => {
    let rig: ExecutorRig;
    let executor: Executor;
    let machine: MachineRef;
    let executions = 0;

    beforeEach(async () => {
      rig = await setup();
      executor = rig.newExecutor();
      machine = await rig.newMachine();
    });
    afterEach(async () => {
      expect(await rig.close()).toEqual([]);
    });

    function execution(workload: Partial<WorkloadSpec>): Execution {
      executions += 1;
      return {
        id: `e-${executions}`,
        name: `component-${executions}`,
        machine,
        desiredState: 'COMPLETE',
        status: { state: 'NEW', message: '', err: '', container: null, ports: null, timestamp: null },
        workload: { image: null, command: [], env: {}, ports: [], probe: null, secrets: [], configs: [], ...workload },
      };
    }
    const script = (text: string, workload: Partial<WorkloadSpec> = {}) =>
      execution({ ...rig.script(text), ...workload });

    async function started(execution: Execution): Promise<Controller> {
      const controller = await executor.controller(execution, never);
      await controller.prepare(never);
      await controller.start(never);
      return controller;
    }

    /** Looks again and again. */
    async function observed(
      execution: Execution,
      wanted: (found: WorkloadObservation) => boolean,
    ): Promise<WorkloadObservation | null> {
      let found = await executor.observe(execution, never);
      for (const end = Date.now() + PATIENCE_MS; !(found && wanted(found)) && Date.now() < end; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        found = await executor.observe(execution, never);
      }
      expect(found).toSatisfy((last: WorkloadObservation | null) => last !== null && wanted(last));
      return found;
    }

    async function log(
      execution: Execution,
      subscription: Partial<LogSubscription> = {},
      from = 0,
    ): Promise<readonly LogLine[]> {
      const lines: LogLine[] = [];
      for await (const some of executor.logs(execution, from, { ...everything, ...subscription }, never)) {
        lines.push(...some);
      }
      return lines;
    }
    const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text);

    /** Until it has said so. */
    async function said(execution: Execution, text: string): Promise<void> {
      for await (const lines of executor.logs(execution, 0, { ...everything, follow: true }, never)) {
        if (texts(lines).includes(text)) return;
      }
      expect.fail(`it ended without having said: ${text}`);
    }

    describe('a workload', () => {
      test('is prepared without being run, started, waited for, and removed', async () => {
        const run = script('echo ran; exit 0');
        expect(await executor.observe(run, never)).toBeNull();
        const controller = await executor.controller(run, never);
        await controller.prepare(never);
        expect(await executor.observe(run, never)).toMatchObject({ startedAt: null, exitedAt: null, ready: null });
        expect(await executor.list(machine, never)).toEqual([run.id]);
        await controller.start(never);
        await controller.wait(never);
        expect(await executor.observe(run, never)).toMatchObject({ exitCode: 0, signal: null });
        expect(texts(await log(run))).toEqual(['ran']);
        await controller.remove(never);
        expect(await executor.observe(run, never)).toBeNull();
        expect(await executor.list(machine, never)).toEqual([]);
        await controller.remove(never);
        await controller.close();
      });

      test('advances from NEW to COMPLETE', async () => {
        let run = script('exit 0');
        const controller = await executor.controller(run, never);
        const states: ExecutionState[] = [];
        for (;;) {
          const { status, outcome } = await advance(run, controller, never);
          if (outcome === 'noop') break;
          expect(outcome).toBe('advanced');
          run = { ...run, status };
          states.push(status.state);
        }
        expect(states).toEqual(['ACCEPTED', 'PREPARING', 'READY', 'STARTING', 'RUNNING', 'COMPLETE']);
        expect(run.status.container).toMatchObject({ id: run.id, exitCode: 0, pid: expect.any(Number) });
      });

      test('that fails says with what, in its wait and in its container status', async () => {
        const run = script('exit 7');
        const controller = await started(run);
        await expect(controller.wait(never)).rejects.toMatchObject({ name: 'ExitError', exitCode: 7 });
        expect(await controller.containerStatus?.(never)).toMatchObject({ id: run.id, exitCode: 7 });
        expect(await executor.observe(run, never)).toMatchObject({ exitCode: 7, signal: null, ready: false });
      });

      test('that a signal ends says which, and counts as 128 + its number', async () => {
        const run = script('kill -9 $$');
        const controller = await started(run);
        await expect(controller.wait(never)).rejects.toMatchObject({
          exitCode: 137,
          cause: { message: expect.stringContaining('SIGKILL') },
        });
        expect(await executor.observe(run, never)).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
      });

      test('runs once: repeated steps say so, after its end too', async () => {
        const run = script('echo run');
        const controller = await started(run);
        await controller.wait(never);
        await expect(controller.prepare(never)).rejects.toMatchObject({ code: 'ALREADY_PREPARED' });
        await expect(controller.start(never)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
        expect(texts(await log(run))).toEqual(['run']);
      });

      test('is found again by an executor that was made later, in whichever step the first one died', async () => {
        const run = script('echo run; sleep 0.3; exit 4');
        await (await executor.controller(run, never)).prepare(never);
        const second = await rig.newExecutor().controller(run, never);
        await expect(second.prepare(never)).rejects.toMatchObject({ code: 'ALREADY_PREPARED' });
        await second.start(never);
        const third = await rig.newExecutor().controller(run, never);
        await expect(third.prepare(never)).rejects.toMatchObject({ code: 'ALREADY_PREPARED' });
        await expect(third.start(never)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
        await expect(third.wait(never)).rejects.toMatchObject({ exitCode: 4 });
        await expect(second.wait(never)).rejects.toMatchObject({ exitCode: 4 });
        expect(texts(await log(run))).toEqual(['run']);
      });

      test('that was removed is not prepared again by whoever comes late, prepared before or not', async () => {
        for (const prepared of [true, false]) {
          const run = script('echo run');
          const controller = await executor.controller(run, never);
          if (prepared) await controller.prepare(never);
          await controller.remove(never);
          const late = await rig.newExecutor().controller(run, never);
          await expect(late.prepare(never)).rejects.toMatchObject({ code: 'CONFLICT', temporary: false });
          expect(await executor.observe(run, never)).toBeNull();
        }
      });

      test('that runs is ended by its removal', async () => {
        const run = script('trap "" TERM; echo up; sleep 600');
        const controller = await started(run);
        await said(run, 'up');
        await controller.remove(never);
        expect(await executor.list(machine, never)).toEqual([]);
      });

      test('that cannot be run fails, and is not tried again', async () => {
        const run = execution({ command: ['/no/such/program'] });
        const controller = await executor.controller(run, never);
        await controller.prepare(never);
        const why = { temporary: false, message: expect.stringContaining('/no/such/program') };
        await expect(controller.start(never)).rejects.toMatchObject(why);
        await expect(controller.start(never)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
        await expect(controller.wait(never)).rejects.toMatchObject({ name: 'ExitError', exitCode: 127 });
        expect((await log(run))[0]?.text).toContain('/no/such/program');
      });

      test('that the executor has no program for is refused', async () => {
        const run = execution(rig.unsupported);
        await expect(executor.controller(run, never)).rejects.toMatchObject({ code: 'RUNTIME_UNSUPPORTED' });
      });

      test('cannot become another one', async () => {
        const run = script('sleep 600');
        const controller = await started(run);
        await controller.update({ ...run, desiredState: 'SHUTDOWN' }, never);
        const other = { ...run, workload: { ...run.workload, env: { A: 'b' } } };
        await expect(controller.update(other, never)).rejects.toMatchObject({ code: 'UPDATE_REJECTED' });
      });

      test('leaves its results where it was told, for after its end', async () => {
        const run = script('echo "{}" > "$ROUNDHOUSE_RESULTS"; echo written; read line < /dev/zero');
        const controller = await started(run);
        await said(run, 'written');
        expect((await executor.observe(run, never))?.results).toBeNull();
        await controller.terminate(never);
        expect((await executor.observe(run, never))?.results).toBe('{}\n');
      });

      test('leaves results that are too large aside, and says so', async () => {
        const run = script('head -c 300000 /dev/zero > "$ROUNDHOUSE_RESULTS"');
        await (await started(run)).wait(never);
        const found = await executor.observe(run, never);
        expect(found?.results).toBeNull();
        expect(found?.reason).toContain('larger than 256 KiB');
      });
    });

    describe('its end', () => {
      test('is asked for first, so that it can tidy up', async () => {
        const run = script('trap "echo tidied; exit 5" TERM; echo up; while :; do sleep 0.02; done');
        const controller = await started(run);
        await said(run, 'up');
        await controller.shutdown(never);
        expect(await executor.observe(run, never)).toMatchObject({ exitCode: 5, signal: null });
        expect(texts(await log(run)).at(-1)).toBe('tidied');
      });

      test('is forced after the grace time, with all that it started', async () => {
        const run = script('trap "" TERM; (trap "" TERM; sleep 600) & echo up; while :; do sleep 0.02; done');
        const controller = await started(run);
        await said(run, 'up');
        const from = performance.now();
        await controller.shutdown(never);
        expect(performance.now() - from).toBeGreaterThanOrEqual(rig.graceMs);
        expect(await executor.observe(run, never)).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
      });

      test('is at once where it is terminated, and for those who wait', async () => {
        const run = script('trap "" TERM; echo up; while :; do sleep 0.02; done');
        const controller = await started(run);
        await said(run, 'up');
        const waited = controller.wait(never).catch((error: unknown) => error);
        await controller.terminate(never);
        expect(await waited).toMatchObject({ exitCode: 137 });
      });

      test('of what was never started, has ended or is unknown is no failure', async () => {
        const [unknown, prepared, ended] = [script('exit 0'), script('exit 0'), script('exit 3')];
        await (await executor.controller(prepared, never)).prepare(never);
        await (await started(ended)).wait(never).catch(() => {});
        for (const run of [unknown, prepared, ended]) {
          const controller = await executor.controller(run, never);
          await controller.shutdown(never);
          await controller.terminate(never);
        }
        expect(await executor.observe(ended, never)).toMatchObject({ exitCode: 3 });
      });
    });

    describe('a controller', () => {
      test('that is closed takes no further call and lets its workload go on', async () => {
        const run = script('sleep 600');
        const controller = await started(run);
        const waited = controller.wait(never).catch((error: unknown) => error);
        await controller.close();
        expect(await waited).toMatchObject({ code: 'CONTROLLER_CLOSED' });
        await expect(controller.prepare(never)).rejects.toMatchObject({ code: 'CONTROLLER_CLOSED' });
        expect(await executor.observe(run, never)).toMatchObject({ exitedAt: null });
      });

      test('gives up a call whose signal is aborted, with its reason', async () => {
        const controller = await started(script('sleep 600'));
        const given = new AbortController();
        const waited = controller.wait(given.signal).catch((error: unknown) => error);
        given.abort(new Error('enough'));
        expect(await waited).toMatchObject({ message: 'enough' });
      });
    });

    describe('readiness', () => {
      test('without a probe is to run', async () => {
        const run = script('sleep 600');
        await started(run);
        await observed(run, ({ ready, reason }) => ready === true && reason === '');
      });

      test('by a path is an answer of 2xx on the port that was picked', async () => {
        const ports = [
          { name: 'http', port: 0 },
          { name: 'extra-port', port: 0 },
        ];
        const run = execution({ ...rig.server, ports, probe: { port: 'http', path: '/health' } });
        const controller = await started(run);
        const found = await observed(run, ({ ready }) => ready === true);
        const addresses = new Map(found?.ports.map(({ name, address }) => [name, address]));
        expect([...addresses.keys()]).toEqual(['http', 'extra-port']);
        expect(addresses.get('http')).not.toBe(addresses.get('extra-port'));
        expect(await controller.portStatus?.(never)).toEqual(found?.ports);
        expect(await (await fetch(`http://${addresses.get('http')}/health`)).json()).toEqual({ healthy: true });
      });

      test('without a path is a connection', async () => {
        const run = execution({ ...rig.server, ports: [{ name: 'a', port: 0 }], probe: { port: 'a', path: null } });
        await started(run);
        await observed(run, ({ ready }) => ready === true);
      });

      test('that is missing has a reason', async () => {
        const ports = [{ name: 'http', port: 0 }];
        const deaf = script('sleep 600', { ports, probe: { port: 'http', path: '/' } });
        const wrong = execution({ ...rig.server, ports, probe: { port: 'http', path: '/nothing' } });
        await started(deaf);
        await started(wrong);
        await observed(deaf, ({ ready, reason }) => ready === false && reason === 'not listening yet');
        await observed(wrong, ({ ready, reason }) => ready === false && reason === 'HTTP 404');
      });
    });

    describe('its environment', () => {
      test('holds what the workload names, its ports, and nothing of ours but ROUNDHOUSE_…', async () => {
        const ports = [
          { name: 'http', port: 0 },
          { name: 'side-car', port: 0 },
        ];
        const run = script('env', { env: { COLOUR: 'blue' }, ports });
        await (await started(run)).wait(never);
        const env = new Map(texts(await log(run)).map((line) => line.split('=', 2) as [string, string]));
        const addresses = (await executor.observe(run, never))?.ports.map(({ address }) => address.split(':')[1]);
        expect(env.get('COLOUR')).toBe('blue');
        expect([env.get('PORT_HTTP'), env.get('PORT_SIDE_CAR')]).toEqual(addresses);
        expect(env.get('PORT')).toBe(addresses?.[0]);
        expect(env.get('ROUNDHOUSE_EXECUTION')).toBe(run.id);
        // The shell itself adds the last ones.
        const expected = /^(COLOUR|PORT|PORT_HTTP|PORT_SIDE_CAR|ROUNDHOUSE_\w+|PWD|OLDPWD|SHLVL|_)$/;
        expect([...env.keys()].filter((key) => !expected.test(key) && !rig.ambient.includes(key))).toEqual([]);
      });

      test('has secrets and configs as files that only it may read, those that it names and no other', async () => {
        const [[name, value] = ['', '']] = [...rig.secrets];
        const [[config, text] = ['', '']] = [...rig.configs];
        const run = script(
          `cd "$ROUNDHOUSE_SECRETS"; ls; ls -l ${name} | cut -c 1-10; cat ${name}; echo; cat ../configs/${config} && cd "$ROUNDHOUSE_CONFIGS"; echo; ls`,
          { secrets: [name], configs: [config] },
        );
        await (await started(run)).wait(never);
        expect(texts(await log(run))).toEqual([name, '-rw-------', value, text, config]);
      });

      test('is not made where a secret has no value', async () => {
        const run = script('exit 0', { secrets: ['no-such-secret'] });
        const controller = await executor.controller(run, never);
        await expect(controller.prepare(never)).rejects.toMatchObject({
          code: 'NOT_FOUND',
          details: { kind: 'secret', id: 'no-such-secret' },
        });
        expect(await executor.observe(run, never)).toBeNull();
      });
    });

    describe('its log', () => {
      test('has each line with its number, its time and its stream, and a last one without an end', async () => {
        const from = Date.now();
        const run = script('echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three');
        await (await started(run)).wait(never);
        const lines = await log(run);
        expect(lines.map(({ line, stream, text }) => [line, stream, text])).toEqual([
          [0, 'stdout', 'one'],
          [1, 'stderr', 'two'],
          [2, 'stdout', 'three'],
        ]);
        const times = lines.map(({ at }) => at);
        expect([...times].sort((a, b) => a - b)).toEqual(times);
        expect(times[0]).toBeGreaterThanOrEqual(from);
        expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(150);
        expect(times[2]).toBeLessThanOrEqual(Date.now());
      });

      test('keeps what is no UTF-8 readable, and splits lines that are too long', async () => {
        const run = script(`printf 'a\\377b\\n'; head -c 150000 /dev/zero | tr '\\0' x; echo; echo end`);
        await (await started(run)).wait(never);
        const [first, ...others] = texts(await log(run));
        expect(first).toBe('a\uFFFDb');
        expect(others.map(({ length }) => length)).toEqual([65_536, 65_536, 18_928, 3]);
      });

      test('can be followed to the end, from any line on', async () => {
        const run = script('for i in 0 1 2 3 4 5; do echo line $i; sleep 0.05; done');
        await started(run);
        const [all, later] = await Promise.all([log(run, { follow: true }), log(run, { follow: true }, 4)]);
        expect(texts(all)).toEqual([0, 1, 2, 3, 4, 5].map((i) => `line ${i}`));
        expect(later.map(({ line }) => line)).toEqual([4, 5]);
      });

      test('gives lines as they come to those who follow', async () => {
        const run = script('echo one; sleep 600');
        await started(run);
        await said(run, 'one');
      });

      test('is read without waiting where it is not followed', async () => {
        const run = script('echo one; sleep 600');
        await started(run);
        await said(run, 'one');
        expect(texts(await log(run))).toEqual(['one']);
        expect(texts(await log(run, {}, 1))).toEqual([]);
      });

      test('can be asked for its last lines, for one stream, and for what was written since', async () => {
        const run = script('for i in $(seq 3000); do echo out $i; done; echo err >&2; sleep 0.1; echo last');
        await (await started(run)).wait(never);
        const all = await log(run);
        expect(all.map(({ line }) => line)).toEqual(Array.from({ length: 3002 }, (_, index) => index));
        expect(texts(await log(run, { tail: 2, streams: ['stdout'] }))).toEqual(['out 3000', 'last']);
        expect(texts(await log(run, { tail: 5, streams: ['stderr'] }))).toEqual(['err']);
        expect(await log(run, { tail: 2500, streams: ['stdout'] })).toHaveLength(2500);
        expect(await log(run, { tail: 0 })).toEqual([]);
        expect(texts(await log(run, { since: all.at(-1)?.at ?? 0 }))).toEqual(['last']);
        expect(await log(run, { since: (all.at(-1)?.at ?? 0) + 1 })).toEqual([]);
      });

      test('of an unknown workload has no lines', async () => {
        expect(await log(script('exit 0'), { follow: true })).toEqual([]);
      });
    });

    describe('a machine', () => {
      test('says what it is, and takes labels and keys', async () => {
        const described = await executor.describe(machine, never);
        expect(described.hostname).not.toBe('');
        expect(described.platform.os).not.toBe('');
        await executor.configure(machine, { zone: 'north' }, never);
        await executor.setNetworkKeys([{ subsystem: 'overlay', key: new Uint8Array([1]) }]);
      });

      test('lists all that it holds anything of', async () => {
        const runs = [script('sleep 600'), script('exit 0'), script('exit 0')];
        for (const run of runs.slice(0, 2)) await started(run);
        await (await executor.controller(runs[2] ?? runs[0] ?? script(''), never)).prepare(never);
        expect([...(await executor.list(machine, never))].sort()).toEqual(runs.map(({ id }) => id).sort());
      });

      test('that is gone has ended what ran on it: waiting fails for good, ending and removing do not', async () => {
        const run = script('sleep 600');
        const controller = await started(run);
        const waited = controller.wait(never).catch((error: unknown) => error);
        await rig.removeMachine(machine);
        // Told by the machine as it goes, by its absence, or in between, where it does not answer.
        expect(await waited).toMatchObject({ message: expect.stringMatching(/machine/) });
        await expect(controller.wait(never)).rejects.toMatchObject({
          code: 'INSTANCE_UNKNOWN',
          message: expect.stringContaining('is gone'),
        });
        await controller.shutdown(never);
        await controller.terminate(never);
        await controller.remove(never);
        expect(await executor.list(machine, never)).toEqual([]);
        await expect(executor.controller(run, never)).rejects.toMatchObject({ code: 'INSTANCE_UNKNOWN' });
      });
    });
  });
}
