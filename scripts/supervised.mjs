import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './progress.mjs';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Who lived this long did start well, and is started again without a pause. */
const GOOD_LIFE_MS = 30_000;
const END_WITHIN_MS = 15_000;
/** Next greets with an address that may not be the public one. */
const BANNER = /^\s*(▲|✓|- (Local|Network):|$)/;

/**
 * Keeps one program running: when it dies, it is started again, later each time. It gets a process group of its own, so
 * that Ctrl-C reaches it in our order, and ends itself when we are gone.
 */
export class Supervised {
  name;
  /** How often it ended by itself. */
  deaths = 0;
  #args;
  #env;
  #onChange;
  #child = null;
  #stopping = false;
  #pause = FIRST_PAUSE_MS;

  constructor(name, args, env, onChange) {
    this.name = name;
    this.#args = args;
    this.#env = env;
    this.#onChange = onChange;
  }

  get pid() {
    return this.#child?.pid ?? null;
  }

  start() {
    const since = performance.now();
    const child = spawn(process.execPath, ['--import', './scripts/follow-parent.mjs', ...this.#args], {
      env: this.#env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => BANNER.test(line) || say(`${this.name} | ${line}`));
    }
    child.on('error', (error) => say(`${this.name} | ${error.message}`));
    child.on('close', (code, signal) => this.#ended(signal ?? `code ${code}`, performance.now() - since));
    this.#onChange();
  }

  async #ended(how, livedMs) {
    this.#child = null;
    this.#onChange();
    if (this.#stopping) return;
    this.deaths += 1;
    if (livedMs > GOOD_LIFE_MS) this.#pause = FIRST_PAUSE_MS;
    say(`${this.name} ended with ${how}: starting it again in ${this.#pause / 1000} s`);
    await delay(this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    if (!this.#stopping) this.start();
  }

  /** Tells it to end, and makes it when it does not in time. */
  async stop() {
    this.#stopping = true;
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    const force = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(force);
  }
}
