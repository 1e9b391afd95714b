// @ts-check
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * A process number with what tells it from a later process of the same number.
 * @typedef {{ readonly pid: number, readonly startTime: string }} ProcessIdentity
 */

/**
 * The live process of this number; `null` when there is none, or only its unreaped remains.
 * @param {number} pid
 * @returns {{ startTime: string, uid: number } | null}
 */
export function lookAtProcess(pid) {
  try {
    return process.platform === 'linux' ? lookInProc(pid) : lookWithPs(pid);
  } catch {
    return null;
  }
}

/**
 * @param {ProcessIdentity} identity
 * @returns {boolean}
 */
export function isAlive({ pid, startTime }) {
  return lookAtProcess(pid)?.startTime === startTime;
}

/**
 * Signals the process only if it is still the same one and, where `uid` is given, runs as that user.
 * @param {ProcessIdentity} identity
 * @param {NodeJS.Signals} signal
 * @param {{ group: boolean, uid: number | null }} options `group`: also all of the process group that it leads
 */
export function signalProcess({ pid, startTime }, signal, { group, uid }) {
  const found = lookAtProcess(pid);
  if (found?.startTime !== startTime || (uid !== null && found.uid !== uid)) return;
  try {
    process.kill(group ? -pid : pid, signal);
  } catch (error) {
    // It ended in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * Live processes whose initial environment holds this entry. Only Linux tells; elsewhere none are found.
 * @param {string} entry for example `NAME=value`
 * @returns {number[]}
 */
export function processesWithEnvironment(entry) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => environmentOf(pid).includes(entry) && lookAtProcess(pid) !== null);
}

/** @param {number} pid */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It ended, or belongs to somebody else.
    return [];
  }
}

/** @param {number} pid */
function lookInProc(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const ticks = fields[19];
  if (state === 'Z' || state === 'X' || ticks === undefined) return null;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return { startTime: `${boot}/${ticks}`, uid: statSync(`/proc/${pid}`).uid };
}

/** @param {number} pid */
function lookWithPs(pid) {
  const answer = execFileSync('ps', ['-o', 'state=,uid=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { NODE_ENV: 'production', PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [state, uid, ...startTime] = answer.trim().split(/\s+/);
  if (state === undefined || state.startsWith('Z')) return null;
  return { startTime: startTime.join(' '), uid: Number(uid) };
}
