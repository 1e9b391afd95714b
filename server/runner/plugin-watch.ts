import type { Logger } from 'pino';
import type { WatchedPlugins } from '../contract/environment.ts';
import type { Loop } from './worker.ts';

export interface PluginWatchPorts {
  /** null: none is watched. */
  readonly directory: string | null;
  /** Calls back with what is in the directory, at first and whenever that changes, until the signal. */
  readonly watch: (
    directory: string,
    found: (plugins: Omit<WatchedPlugins, 'directory'>) => void,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly tell: (plugins: WatchedPlugins) => Promise<void>;
  readonly log: Logger;
}

/** Tells which plugins are in a directory of this host, so that people can make environments of them. */
export class PluginWatch implements Loop {
  readonly #ports: PluginWatchPorts;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(ports: PluginWatchPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  stop(): void {
    this.#stop.abort();
  }

  get stopped(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    const { directory, watch, tell, log } = this.#ports;
    if (directory === null) return;
    const { signal } = this.#stop;
    let telling = Promise.resolve();
    await watch(
      directory,
      (found) => {
        telling = telling
          .then(() => tell({ directory, ...found }))
          .catch((error: unknown) => log.error({ error }, 'could not tell of the plugins that were found'));
      },
      signal,
    ).catch((error: unknown) => {
      if (!signal.aborted) log.error({ error, directory }, 'the directory of plugins is watched no longer');
    });
    await telling;
  }
}
