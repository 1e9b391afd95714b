// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { ComponentLog } from './component-log.mjs';
import { isAlive, lookAtProcess, processesWithEnvironment, signalProcess } from './process-identity.mjs';

const PROBE_UNTIL_READY_MS = 250;
const PROBE_MS = 1_000;
const PROBE_LIMIT_MS = 1_000;
/** A probe that fails is forgiven once. */
const FAILURES_TO_NOT_READY = 2;
/** What left the group may hold the output open; it is not waited for any longer. */
const LAST_OUTPUT_MS = 1_000;
const END_MS = 5_000;
/** Of readiness, that are told; older ones have been read long since. */
const MOST_CHANGES = 200;
const LARGEST_RESULTS = 262_144;
/** Below the range from which systems draw ports of outgoing connections. */
const FIRST_PORT = 12_000;
const PORTS = 20_000;
const PORT_TRIES = 100;

/**
 * @typedef {import('./process-identity.mjs').ProcessIdentity} ProcessIdentity
 * @typedef {{ name: string, port: number }} Port
 *
 * What to run; `files` are values in base64 by name.
 * @typedef {object} ComponentOrder
 * @property {string} label
 * @property {string[]} command
 * @property {Record<string, string>} env
 * @property {Port[]} ports 0 = a free one is picked
 * @property {{ port: string, path: string | null } | null} probe
 * @property {{ secrets: Record<string, string>, configs: Record<string, string> }} files
 *
 * component.json: what it is and how far it got, without any value of a secret. `lost` says why its end is not its own.
 * @typedef {Omit<ComponentOrder, 'files'> & {
 *   preparedAt: number,
 *   startedAt: number | null,
 *   process: ProcessIdentity | null,
 *   exitedAt: number | null,
 *   exitCode: number | null,
 *   signal: string | null,
 *   lost: string | null,
 * }} ComponentRecord
 *
 * Told of each change of a component, and of what is nobody's fault but ours.
 * @typedef {{ machineId: string, changed: () => void, note: (text: string) => void }} Host
 */

/**
 * One workload on this machine, in a directory of its own. It runs once at most: that it was started is written down
 * before it is.
 */
export class Component {
  /** Another number after each change of what `observe` tells. */
  version = Date.now();
  log;
  /** Its directory was taken away. */
  gone = false;
  #id;
  #directory;
  /** @type {ComponentRecord} */
  #record;
  /** Hold the picked ports until it starts. @type {import('node:net').Server[]} */
  #placeholders = [];
  /** @type {import('node:child_process').ChildProcess | null} */
  #child = null;
  #ready = false;
  #reason = '';
  /** Each change of the two, so that who looks now and then misses none. @type {{ at: number, ready: boolean, reason: string }[]} */
  #changes = [];
  #probesFailed = 0;
  #endsWithMachine = false;
  #listened = false;
  /** @type {Set<() => void>} */
  #waiting = new Set();
  #host;

  /**
   * One that was prepared, by this process or an earlier one.
   * @param {string} id
   * @param {string} directory
   * @param {Host} host
   */
  constructor(id, directory, host) {
    this.#id = id;
    this.#directory = directory;
    this.#host = host;
    this.#record = JSON.parse(readFileSync(path.join(directory, 'component.json'), 'utf8'));
    this.log = new ComponentLog(path.join(directory, 'log'));
    if (this.#record.startedAt !== null && this.#record.exitedAt === null) this.#giveUp();
  }

  /**
   * Writes all that it needs, in one step: afterwards it is there, whole. `null` = it is there already.
   * @param {string} id
   * @param {string} directory
   * @param {ComponentOrder} order
   * @param {Host} host
   */
  static async prepare(id, directory, { files, ...order }, host) {
    const { ports, placeholders } = await pickPorts(order.ports);
    const draft = path.join(path.dirname(directory), `.${id}`);
    try {
      // From here to the end nothing is waited for, so that no other can be at the same draft.
      if (existsSync(directory)) {
        for (const placeholder of placeholders) placeholder.close();
        return null;
      }
      rmSync(draft, { recursive: true, force: true });
      for (const kind of /** @type {const} */ (['secrets', 'configs'])) {
        mkdirSync(path.join(draft, kind), { recursive: true, mode: 0o700 });
        for (const [name, value] of Object.entries(files[kind])) {
          writeFileSync(path.join(draft, kind, name), Buffer.from(value, 'base64'), { mode: 0o600 });
        }
      }
      mkdirSync(path.join(draft, 'work'), { mode: 0o700 });
      /** @type {ComponentRecord} */
      const record = {
        ...order,
        ports,
        preparedAt: Date.now(),
        startedAt: null,
        process: null,
        exitedAt: null,
        exitCode: null,
        signal: null,
        lost: null,
      };
      writeFileSync(path.join(draft, 'component.json'), JSON.stringify(record), { mode: 0o600 });
      renameSync(draft, directory);
      const component = new Component(id, directory, host);
      component.#placeholders = placeholders;
      return component;
    } catch (error) {
      for (const placeholder of placeholders) placeholder.close();
      // There are secrets in it.
      rmSync(draft, { recursive: true, force: true });
      throw error;
    }
  }

  get running() {
    return this.#record.startedAt !== null && this.#record.exitedAt === null;
  }

  get ended() {
    return this.#record.exitedAt !== null;
  }

  /** As the machine's other work is told. `null` once it has ended. */
  get workload() {
    const { label, preparedAt, startedAt, exitedAt } = this.#record;
    return exitedAt === null ? { name: label, since: startedAt ?? preparedAt } : null;
  }

  /** Why it does not run; empty = it does, `null` = it was started before. */
  async start() {
    if (this.#record.startedAt !== null || this.gone) return null;
    this.#save({ startedAt: Date.now() });
    this.#releasePorts();
    this.#reason = 'not listening yet';
    const [file = '', ...args] = this.#record.command;
    const cwd = path.join(this.#directory, 'work');
    let child;
    try {
      child = spawn(file, args, {
        cwd,
        env: /** @type {NodeJS.ProcessEnv} */ (this.#environment()),
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own, so that what it leaves behind can be ended with it.
        detached: true,
      });
      this.#follow(child);
      await once(child, 'spawn');
    } catch (error) {
      return this.#couldNotStart(error);
    }
    this.#probe();
    return '';
  }

  /** What it is now. */
  observe() {
    const { ports, process: running, startedAt, exitedAt, exitCode, signal, lost } = this.#record;
    const { results, tooLarge } = exitedAt === null ? { results: null, tooLarge: false } : this.#results();
    return {
      version: this.version,
      startedAt,
      exitedAt,
      exitCode,
      signal,
      lost,
      pid: running?.pid ?? null,
      ready: startedAt === null ? null : this.#ready,
      changes: this.#changes,
      reason: tooLarge ? `${this.#reasonNow()}; its results are larger than 256 KiB and left out` : this.#reasonNow(),
      ports: ports.map(({ name, port }) => ({ name, address: `127.0.0.1:${port}` })),
      results,
    };
  }

  /**
   * Until it is done, looked at after each change and each written line; at most so long.
   * @param {() => boolean} done
   * @param {number} limitMs
   */
  async until(done, limitMs) {
    for (const end = Date.now() + limitMs; !done() && Date.now() < end; ) {
      await new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve(undefined);
        };
        const timer = setTimeout(wake, end - Date.now());
        this.#waiting.add(wake);
      });
    }
  }

  /** To all of its group, if it runs. @param {NodeJS.Signals} signal */
  signal(signal) {
    const pid = this.#child?.pid;
    if (!this.running || pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It ended in between.
    }
  }

  /** Its machine ends, and it is asked to. */
  endWithMachine() {
    this.#endsWithMachine = true;
    this.signal('SIGTERM');
  }

  /** Ends all of it and takes its directory away. Whether nothing is left. */
  async remove() {
    this.#releasePorts();
    this.signal('SIGKILL');
    await this.until(() => !this.running, END_MS);
    if (this.running) return false;
    if (this.gone) return true;
    // What left the group still carries its name.
    for (const pid of processesWithEnvironment(`ROUNDHOUSE_EXECUTION=${this.#id}`)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended in between.
      }
    }
    this.gone = true;
    this.log.close();
    rmSync(this.#directory, { recursive: true, force: true });
    this.#changed();
    return true;
  }

  /** All that it finds in its environment. @returns {Record<string, string>} */
  #environment() {
    const { env, ports } = this.#record;
    /** @type {Record<string, string>} */
    const environment = { ...env };
    for (const { name, port } of ports) {
      environment[`PORT_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`] = `${port}`;
    }
    const [first] = ports;
    if (first) environment.PORT = `${first.port}`;
    return {
      ...environment,
      ROUNDHOUSE_MACHINE: this.#host.machineId,
      ROUNDHOUSE_EXECUTION: this.#id,
      ROUNDHOUSE_SECRETS: path.join(this.#directory, 'secrets'),
      ROUNDHOUSE_CONFIGS: path.join(this.#directory, 'configs'),
      ROUNDHOUSE_RESULTS: path.join(this.#directory, 'results'),
    };
  }

  /** @param {import('node:child_process').ChildProcess} child */
  #follow(child) {
    this.#child = child;
    child.on('error', (error) => this.#host.note(`${this.#id}: ${error.message}`));
    const { pid } = child;
    if (pid === undefined) return;
    this.#keep({ process: { pid, startTime: lookAtProcess(pid)?.startTime ?? 'it ended at once' } });
    for (const [stream, output] of /** @type {const} */ ([
      ['o', child.stdout],
      ['e', child.stderr],
    ])) {
      output?.on('data', (chunk) => {
        this.#write(stream, chunk);
      });
      output?.on('error', () => {});
    }
    child.on('exit', async (exitCode, signal) => {
      const exitedAt = Date.now();
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // Nothing is left in the group.
      }
      await Promise.race([once(child, 'close'), new Promise((resolve) => setTimeout(resolve, LAST_OUTPUT_MS))]);
      child.stdout?.destroy();
      child.stderr?.destroy();
      this.#end({ exitedAt, exitCode, signal });
    });
  }

  /** As shells tell it: 127 where there is no such program. @param {unknown} error */
  #couldNotStart(error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const failure = `could not be started: ${error instanceof Error ? error.message : error}`;
    this.#write('e', Buffer.from(`${failure}\n`));
    this.#end({ exitedAt: Date.now(), exitCode: missing ? 127 : 126, signal: null });
    return failure;
  }

  /** An earlier supervisor started it, or was about to. Nobody can tell how it ends, and it must not run twice. */
  #giveUp() {
    const { process: running } = this.#record;
    if (running && isAlive(running)) signalProcess(running, 'SIGKILL', { group: true, uid: null });
    this.#end({
      exitedAt: Date.now(),
      exitCode: null,
      signal: null,
      lost: 'its supervisor died, so how it ended is not known',
    });
  }

  /** @param {Pick<ComponentRecord, 'exitedAt' | 'exitCode' | 'signal'> & { lost?: string }} end */
  #end(end) {
    this.#child = null;
    this.#ready = false;
    const lost = this.#endsWithMachine ? 'it was ended with its machine' : (end.lost ?? null);
    try {
      this.log.finish();
    } catch (error) {
      this.#host.note(`${this.#id}: its last output was not kept: ${error}`);
    }
    this.#keep({ ...end, lost });
  }

  /** Written down where that can be; it is true in any case. @param {Partial<ComponentRecord>} change */
  #keep(change) {
    try {
      this.#save(change);
    } catch (error) {
      this.#host.note(`${this.#id}: ${Object.keys(change)} not saved: ${error}`);
      this.#record = { ...this.#record, ...change };
      this.#changed();
    }
  }

  /**
   * @param {import('./component-log.mjs').Stream} stream
   * @param {Buffer} chunk
   */
  #write(stream, chunk) {
    try {
      this.log.write(stream, chunk);
    } catch (error) {
      this.#host.note(`${this.#id}: its output was not kept: ${error}`);
    }
    this.#wake();
  }

  #reasonNow() {
    const { startedAt, exitedAt, exitCode, signal, lost } = this.#record;
    if (lost !== null) return lost;
    if (exitedAt !== null) return signal === null ? `exited ${exitCode}` : `ended by ${signal}`;
    if (startedAt === null) return 'not started';
    return this.#ready ? '' : this.#reason;
  }

  #results() {
    const file = path.join(this.#directory, 'results');
    try {
      const found = lstatSync(file);
      if (!found.isFile()) return { results: null, tooLarge: false };
      if (found.size > LARGEST_RESULTS) return { results: null, tooLarge: true };
      return { results: readFileSync(file, 'utf8'), tooLarge: false };
    } catch {
      // It left none.
      return { results: null, tooLarge: false };
    }
  }

  async #probe() {
    if (!this.running) return;
    const failure = await this.#failure();
    if (!this.running) return;
    this.#probesFailed = failure === null ? 0 : this.#probesFailed + 1;
    const ready = failure === null || (this.#ready && this.#probesFailed < FAILURES_TO_NOT_READY);
    const reason = ready ? '' : (failure ?? '');
    if (ready !== this.#ready || reason !== this.#reason) {
      this.#ready = ready;
      this.#reason = reason;
      this.#changes = [...this.#changes, { at: Date.now(), ready, reason }].slice(-MOST_CHANGES);
      this.#changed();
    }
    if (this.#record.probe) setTimeout(() => this.#probe(), ready ? PROBE_MS : PROBE_UNTIL_READY_MS);
  }

  /** Why it is not ready; `null` = it is. @returns {Promise<string | null>} */
  #failure() {
    const { probe, ports } = this.#record;
    if (!probe) return Promise.resolve(null);
    const port = ports.find(({ name }) => name === probe.port)?.port;
    if (port === undefined) return Promise.resolve(`no port ${probe.port} to probe`);
    return new Promise((resolve) => {
      const listens = () => {
        this.#listened = true;
      };
      const fail = (/** @type {Error} */ error) => {
        const refused = 'code' in error && error.code === 'ECONNREFUSED';
        resolve(refused ? (this.#listened ? 'connection refused' : 'not listening yet') : error.message);
      };
      if (probe.path === null) {
        const socket = connect({ host: '127.0.0.1', port, timeout: PROBE_LIMIT_MS }, () => {
          listens();
          socket.destroy();
          resolve(null);
        });
        socket.on('timeout', () => socket.destroy(new Error('no answer')));
        socket.on('error', fail);
        return;
      }
      const request = get(
        { host: '127.0.0.1', port, path: probe.path, timeout: PROBE_LIMIT_MS, agent: false },
        (response) => {
          listens();
          response.resume();
          const status = response.statusCode ?? 500;
          resolve(status >= 200 && status < 300 ? null : `HTTP ${status}`);
        },
      );
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', fail);
    });
  }

  #releasePorts() {
    for (const placeholder of this.#placeholders.splice(0)) placeholder.close();
  }

  /** @param {Partial<ComponentRecord>} change */
  #save(change) {
    const record = { ...this.#record, ...change };
    const file = path.join(this.#directory, 'component.json');
    writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    this.#record = record;
    this.#changed();
  }

  #changed() {
    this.version += 1;
    this.#wake();
    this.#host.changed();
  }

  #wake() {
    for (const wake of [...this.#waiting]) wake();
  }
}

/**
 * Free ports for those that ask for any. They are held until they are needed.
 * @param {Port[]} wanted
 */
async function pickPorts(wanted) {
  /** @type {Port[]} */
  const ports = [];
  /** @type {import('node:net').Server[]} */
  const placeholders = [];
  for (const { name, port } of wanted) {
    if (port !== 0) {
      ports.push({ name, port });
      continue;
    }
    const placeholder = await holdFreePort();
    const address = placeholder.address();
    placeholders.push(placeholder);
    ports.push({ name, port: address !== null && typeof address === 'object' ? address.port : 0 });
  }
  return { ports, placeholders };
}

async function holdFreePort() {
  for (let tries = 0; ; tries += 1) {
    const server = createServer((socket) => socket.destroy());
    try {
      server.listen(FIRST_PORT + Math.floor(Math.random() * PORTS), '127.0.0.1');
      await once(server, 'listening');
      return server;
    } catch (error) {
      if (tries >= PORT_TRIES) throw error;
    }
  }
}
