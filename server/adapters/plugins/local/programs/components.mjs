// @ts-check
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Component } from './component.mjs';

const LONGEST_WAIT_MS = 25_000;
const LINES_AT_ONCE = 1_000;
const BYTES_AT_ONCE = 524_288;
const ID = /^[\w-]{1,64}$/;
const FILE = /^(?!\.)[\w.-]{1,128}$/;

/**
 * The components of one machine, for whoever asks the supervisor:
 *   GET    /components                   {ids}
 *   POST   /components/ID/prepare        a ComponentOrder; 409 {already: "prepared"}, 410 where the id was removed
 *   POST   /components/ID/start          409 {already: "started"} though it may have ended, 422 where it cannot run
 *   GET    /components/ID                what it is now; with ?after=VERSION&waitMs= once it is not that any more
 *   GET    /components/ID/log            ?from=LINE&since=AT&lines=&waitMs= {first, lines, next, count, ended}
 *   POST   /components/ID/signal         {signal: "TERM" | "KILL"}, to its group if it runs
 *   DELETE /components/ID                ends it and forgets all of it but its id, which is never used again
 * Of an id that is not there the answer is 404, but for DELETE.
 */
export class Components {
  #directory = path.resolve('components');
  /** Ids that may not be prepared any more, as a late order would run something that nobody looks after. */
  #removed = path.resolve('components-removed');
  /** @type {Map<string, Component>} */
  #components = new Map();
  #host;

  /** @param {import('./component.mjs').Host} host */
  constructor(host) {
    this.#host = host;
    for (const directory of [this.#directory, this.#removed]) mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const id of readdirSync(this.#directory)) {
      if (id.startsWith('.')) {
        // What an earlier supervisor died in the middle of writing, secrets among it.
        rmSync(path.join(this.#directory, id), { recursive: true, force: true });
        continue;
      }
      try {
        this.#components.set(id, new Component(id, path.join(this.#directory, id), host));
      } catch (error) {
        host.note(`${id} is not kept: ${error}`);
        rmSync(path.join(this.#directory, id), { recursive: true, force: true });
      }
    }
  }

  /** Of all that have not ended, started or not. */
  get workloads() {
    return [...this.#components.values()].flatMap(({ workload }) => (workload ? [workload] : []));
  }

  get running() {
    return [...this.#components.values()].some(({ running }) => running);
  }

  endWithMachine() {
    for (const component of this.#components.values()) component.endWithMachine();
  }

  kill() {
    for (const component of this.#components.values()) component.signal('SIGKILL');
  }

  /**
   * @param {string} method
   * @param {URL} url
   * @param {() => Promise<any>} readBody
   * @returns {Promise<[status: number, body: object]>}
   */
  async answer(method, { pathname, searchParams }, readBody) {
    const [, , id, verb = '', ...rest] = pathname.split('/');
    if (rest.length > 0) return [404, {}];
    if (id === undefined) return method === 'GET' ? [200, { ids: [...this.#components.keys()] }] : [404, {}];
    if (!ID.test(id)) return [400, { message: 'Not an id.' }];
    const action = `${method} ${verb}`;
    if (action === 'POST prepare') return this.#prepare(id, await readBody());
    const component = this.#components.get(id);
    if (action === 'DELETE ') return this.#remove(id, component);
    if (!component) return [404, {}];
    switch (action) {
      case 'GET ':
        if (searchParams.has('after')) {
          const after = Number(searchParams.get('after'));
          await component.until(() => component.version !== after, wait(searchParams));
        }
        return component.gone ? [404, {}] : [200, component.observe()];
      case 'GET log':
        return this.#log(component, searchParams);
      case 'POST start':
        return this.#start(component);
      case 'POST signal':
        component.signal((await readBody()).signal === 'KILL' ? 'SIGKILL' : 'SIGTERM');
        return [200, component.observe()];
      default:
        return [404, {}];
    }
  }

  /**
   * @param {string} id
   * @param {import('./component.mjs').ComponentOrder} order
   * @returns {Promise<[number, object]>}
   */
  async #prepare(id, order) {
    const names = [...Object.keys(order.files.secrets), ...Object.keys(order.files.configs)];
    const wrong = names.find((name) => !FILE.test(name));
    if (wrong !== undefined) return [422, { message: `${wrong} is not a name for a file.` }];
    if (this.#isRemoved(id)) return [410, {}];
    const directory = path.join(this.#directory, id);
    if (this.#components.has(id)) return [409, { already: 'prepared' }];
    const component = await Component.prepare(id, directory, order, this.#host);
    if (component === null) return this.#isRemoved(id) ? [410, {}] : [409, { already: 'prepared' }];
    this.#components.set(id, component);
    // It was removed in the meantime.
    if (this.#isRemoved(id)) return this.#remove(id, component);
    this.#host.changed();
    return [200, component.observe()];
  }

  /**
   * @param {Component} component
   * @returns {Promise<[number, object]>}
   */
  async #start(component) {
    const failure = await component.start();
    if (failure === null) return [409, { already: 'started' }];
    return failure === '' ? [200, {}] : [422, { message: failure }];
  }

  /**
   * @param {string} id
   * @param {Component | undefined} component
   * @returns {Promise<[number, object]>}
   */
  async #remove(id, component) {
    writeFileSync(path.join(this.#removed, id), '');
    if (component && !(await component.remove())) return [500, { message: `${id} does not end.` }];
    this.#components.delete(id);
    this.#host.changed();
    return [200, {}];
  }

  /** @param {string} id */
  #isRemoved(id) {
    return existsSync(path.join(this.#removed, id));
  }

  /**
   * @param {Component} component
   * @param {URLSearchParams} wanted
   * @returns {Promise<[number, object]>}
   */
  async #log(component, wanted) {
    const { log } = component;
    const from = Number(wanted.get('from') ?? 0);
    const since = Number(wanted.get('since') ?? 0);
    const lines = Math.min(Number(wanted.get('lines') ?? LINES_AT_ONCE), LINES_AT_ONCE);
    await component.until(() => log.count > from || component.ended || component.gone, wait(wanted));
    if (component.gone) return [404, {}];
    // Looked at first: what is written between the two is read by the next call.
    const { ended } = component;
    const found = log.read({ from, since, lines, bytes: BYTES_AT_ONCE });
    const next = found.first + found.lines.length;
    return [200, { ...found, next, count: log.count, ended: ended && next >= log.count }];
  }
}

/** @param {URLSearchParams} wanted */
function wait(wanted) {
  return Math.min(Number(wanted.get('waitMs') ?? 0), LONGEST_WAIT_MS);
}
