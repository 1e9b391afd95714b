// @ts-check
/**
 * One local machine. It runs in the machine's directory, as the machine's user, apart from the process that started
 * it, and ends itself with all it started when the identity file is gone or names another machine.
 *
 * It answers JSON over HTTP on its unix socket: GET /health, GET /status, POST /drain, /undrain, /stop, and what
 * components.mjs says of the workloads of others that it carries. A request names the machine it means in the header
 * `roundhouse-machine`; for another one it is refused.
 *
 * A program may speak with its supervisor on descriptor 3, one JSON object a line:
 *   it says    {"hello": {"orders": ["drain", "undrain"], "port": 8080}}   which orders it takes, where to probe it
 *              {"draining": false, "workloads": [{"name": "job-1", "since": 1700000000000}]}   after each change
 *   it is told {"order": "drain"} and {"order": "undrain"}
 * A program that never says hello is drained by SIGTERM and cannot be undrained. A machine is drained when its program
 * and all its components have ended; until then whoever holds it may prepare and start components.
 *
 * Files: identity.json is given. supervisor.json names this process, and whoever writes it first is the supervisor.
 * state.json is what was last true, for readers who find the supervisor dead.
 */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, get } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Components } from './components.mjs';
import { lookAtProcess } from './process-identity.mjs';

const IDENTITY_CHECK_MS = 5_000;
const PROBE_MS = 1_000;
const PROBE_WHILE_STARTING_MS = 100;
/** An answer that fails to come is forgiven once. */
const FAILURES_TO_UNHEALTHY = 2;
const STOP_GRACE_MS = 1_000;
const UNDRAIN_ANSWER_MS = 2_000;
const LARGEST_BODY = 8_388_608;

/**
 * @typedef {import('../machine-files.ts').MachineIdentity} MachineIdentity
 * @typedef {import('../machine-files.ts').MachineState} MachineState
 */

const machineId = process.argv[2] ?? '';
process.umask(0o077);
for (const name of /** @type {const} */ (['SIGHUP', 'SIGINT'])) process.on(name, () => {});

/** @param {string} text */
function note(text) {
  try {
    appendFileSync('supervisor.log', `${new Date().toISOString()} ${text}\n`);
  } catch {
    // The directory has been taken away, and there is nobody left to tell.
  }
}

/** @returns {MachineIdentity | null} */
function readIdentity() {
  try {
    const identity = JSON.parse(readFileSync('identity.json', 'utf8'));
    return identity.id === machineId ? identity : null;
  } catch {
    return null;
  }
}

const found = readIdentity();
if (!found || !becomeSupervisor()) process.exit(0);
const { spec, init, socket } = found;

/** @type {MachineState} */
let state = {
  phase: 'starting',
  health: 'unknown',
  healthySince: null,
  drainingSince: null,
  workloads: [],
  program: null,
};
/** @type {import('node:child_process').ChildProcess | null} */
let program = null;
/** @type {{ orders: string[], port: number | null } | null} */
let hello = null;
/** @type {((success: boolean) => void) | null} */
let undrained = null;
let probesFailed = 0;
let stopping = false;
process.on('uncaughtException', (error) => {
  note(error.stack ?? error.message);
  endNow();
  process.exit(1);
});
const components = new Components({
  machineId,
  note,
  // First whoever waits for the change is told, as this may be the end.
  changed: () => setImmediate(settle),
});
save({});

/** The first to link its own name wins, so two starts of one machine give one supervisor. */
function becomeSupervisor() {
  const own = lookAtProcess(process.pid);
  const draft = `supervisor.json.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, startTime: own?.startTime }));
  try {
    linkSync(draft, 'supervisor.json');
    return true;
  } catch {
    return false;
  } finally {
    unlinkSync(draft);
  }
}

/**
 * Whether it could be written down. It is true in any case.
 * @param {Partial<MachineState>} change
 */
function save(change) {
  state = { ...state, ...change };
  try {
    writeFileSync('state.json.new', JSON.stringify(state));
    renameSync('state.json.new', 'state.json');
    return true;
  } catch (error) {
    note(`state not saved: ${error}`);
    return false;
  }
}

/**
 * @param {readonly string[]} command
 * @param {() => void} onSuccess what follows when it ends by itself with 0 and nothing else was ordered
 */
function run([file = '', ...args], onSuccess) {
  const log = openSync('program.log', 'a');
  /** @type {Record<string, string>} */
  const environment = { ...spec.env, ROUNDHOUSE_MACHINE: machineId };
  const child = spawn(file, args, {
    env: /** @type {NodeJS.ProcessEnv} */ (environment),
    stdio: ['ignore', log, log, 'pipe'],
    // A group of its own, so that what it leaves behind can be ended with it.
    detached: true,
  });
  program = child;
  hello = null;
  let ended = false;
  /** @param {string} how */
  const end = (how) => {
    if (ended) return;
    ended = true;
    program = null;
    note(`${file} ${how}`);
    if (child.pid !== undefined) endGroup(child.pid);
    undrained?.(false);
    if (how === 'exited 0' && state.phase === 'starting' && !stopping) onSuccess();
    else programEnded();
  };
  child.on('error', (error) => end(error.message));
  child.on('exit', (code, signal) => end(signal ? `ended by ${signal}` : `exited ${code}`));
  if (child.pid === undefined) return;

  const identity = lookAtProcess(child.pid);
  if (identity) save({ program: { pid: child.pid, startTime: identity.startTime } });
  const control = child.stdio[3];
  if (!control || !('writable' in control)) return;
  const lines = createInterface({ input: /** @type {import('node:net').Socket} */ (control) });
  lines.on('line', hear);
  // A program that ends in the middle of a line is no failure of ours. An error of the one is an error of the other too.
  for (const side of [control, lines]) side.on('error', (error) => note(`control: ${error.message}`));
}

/** @param {string} line */
function hear(line) {
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    note(`not understood: ${line.slice(0, 200)}`);
    return;
  }
  if (message.hello) {
    hello = { orders: message.hello.orders ?? [], port: message.hello.port ?? null };
    if (state.phase === 'draining') order('drain');
  }
  if (Array.isArray(message.workloads)) state = { ...state, workloads: message.workloads };
  if (message.draining === false) undrained?.(true);
}

/** @param {'drain' | 'undrain'} name */
function order(name) {
  const control = program?.stdio[3];
  if (hello?.orders.includes(name) && control && 'write' in control)
    control.write(`${JSON.stringify({ order: name })}\n`);
  else if (name === 'drain') program?.kill('SIGTERM');
}

function programEnded() {
  const phase = state.drainingSince !== null ? drainPhase() : 'started';
  const health = state.drainingSince !== null ? 'unknown' : 'unhealthy';
  save({ phase, health, healthySince: null, workloads: [], program: null });
  exitWhenStopped();
}

function drainPhase() {
  return program || components.workloads.length > 0 ? 'draining' : 'drained';
}

/** A component has changed. */
function settle() {
  if (state.drainingSince !== null && state.phase !== drainPhase()) save({ phase: drainPhase() });
  exitWhenStopped();
}

function exitWhenStopped() {
  if (stopping && !program && !components.running) process.exit(0);
}

function startProgram() {
  if (stopping || state.phase !== 'starting') return;
  const worker = fileURLToPath(new URL('./worker.mjs', import.meta.url));
  const bundled = [
    process.execPath,
    '--max-old-space-size=32',
    worker,
    spec.version,
    `${spec.jobs.atOnce}`,
    `${spec.jobs.durationMs}`,
  ];
  run(spec.command.length > 0 ? spec.command : bundled, programEnded);
  probe();
}

function probe() {
  if (!program || stopping) return;
  const port = hello?.port ?? spec.probe?.port ?? null;
  if (port !== null) {
    const request = get(
      { host: '127.0.0.1', port, path: spec.probe?.path ?? '/', timeout: PROBE_MS, agent: false },
      (response) => {
        response.resume();
        const status = response.statusCode ?? 500;
        probed(status >= 200 && status < 300);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', () => probed(false));
    return;
  }
  // The bundled worker says hello before it can be asked.
  probed(spec.command.length > 0 && spec.probe === null);
}

/** @param {boolean} success */
function probed(success) {
  if (!program || stopping) return;
  probesFailed = success ? 0 : probesFailed + 1;
  if (success && state.health !== 'healthy') {
    save({ health: 'healthy', healthySince: Date.now(), phase: state.phase === 'starting' ? 'started' : state.phase });
  }
  if (state.phase !== 'starting' && state.health !== 'unhealthy' && probesFailed >= FAILURES_TO_UNHEALTHY) {
    save({ health: 'unhealthy', healthySince: null });
  }
  setTimeout(probe, state.phase === 'starting' ? PROBE_WHILE_STARTING_MS : PROBE_MS);
}

/** Whether it is ordered, now or earlier. */
function drain() {
  if (state.phase === 'draining' || state.phase === 'drained') return true;
  // Recorded before it is ordered: should this process end now, the order is still known.
  const before = state;
  if (!save({ phase: drainPhase(), drainingSince: Date.now() })) {
    state = before;
    return false;
  }
  order('drain');
  return true;
}

/** Whether it is in service again. */
async function undrain() {
  if (state.phase === 'starting' || state.phase === 'started') return true;
  if (state.phase !== 'draining' || !program || !hello?.orders.includes('undrain')) return false;
  const answered = new Promise((resolve) => {
    undrained = resolve;
    setTimeout(() => resolve(false), UNDRAIN_ANSWER_MS);
  });
  order('undrain');
  const success = await answered;
  undrained = null;
  if (!success || state.phase !== 'draining') return false;
  save({ phase: 'started', drainingSince: null });
  return true;
}

function stop() {
  if (stopping) return;
  stopping = true;
  note('stopping');
  if (existsSync(socket)) unlinkSync(socket);
  program?.kill('SIGTERM');
  components.endWithMachine();
  setTimeout(() => {
    endNow();
    process.exit(0);
  }, STOP_GRACE_MS);
  exitWhenStopped();
}

function endNow() {
  if (program?.pid !== undefined) endGroup(program.pid);
  components.kill();
}

/** @param {number} pid */
function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left in it.
  }
}

const server = createServer(async (request, response) => {
  /** @param {number} status @param {object} body */
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body));
  };
  if (request.headers['roundhouse-machine'] !== machineId) return answer(421, { machine: machineId });
  switch (`${request.method} ${request.url}`) {
    case 'GET /health':
      return answer(200, { health: state.health, healthySince: state.healthySince });
    case 'GET /status':
      return answer(200, { ...state, workloads: [...state.workloads, ...components.workloads] });
    case 'POST /drain':
      return answer(drain() ? 200 : 500, state);
    case 'POST /undrain':
      return answer((await undrain()) ? 200 : 409, state);
    case 'POST /stop':
      response.once('close', stop);
      return answer(200, state);
    default:
      return answer(...(await answerOfComponents(request)));
  }
});

/**
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<[status: number, body: object]>}
 */
async function answerOfComponents(request) {
  const url = new URL(request.url ?? '', 'http://machine');
  if (!/^\/components(\/|$)/.test(url.pathname)) return [404, {}];
  if (stopping && request.method === 'POST') return [503, { message: 'The machine is being ended.' }];
  try {
    return await components.answer(request.method ?? '', url, () => readBody(request));
  } catch (error) {
    note(`${request.method} ${url.pathname}: ${error}`);
    return [500, { message: `${error}` }];
  }
}

/** @param {import('node:http').IncomingMessage} request */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error('Too much to read.');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
server.on('error', (error) => note(error.message));

function listen() {
  // A path is left over when the host went down; whoever is here holds supervisor.json and so may take it.
  if (existsSync(socket)) unlinkSync(socket);
  server.listen(socket);
}

process.on('SIGTERM', stop);
setInterval(() => {
  if (!readIdentity()) stop();
  // Temporary directories get tidied.
  else if (!existsSync(socket) && !stopping) server.close(listen);
}, IDENTITY_CHECK_MS);
listen();
setTimeout(() => {
  if (init === '') startProgram();
  else if (state.phase === 'starting') run(['/bin/sh', '-c', init], startProgram);
}, spec.startDelayMs);
