import type { Execution } from './execution.ts';
import type { DependencyManager } from './executor.ts';

/** Keeps values by their names, in memory alone. Secrets and configs have a manager each. */
export class Dependencies implements DependencyManager {
  readonly #values = new Map<string, Uint8Array>();

  /** A copy, as what is added is copied: nobody changes a value for another. Null where there is none. */
  async get(name: string): Promise<Uint8Array | null> {
    return this.#values.get(name)?.slice() ?? null;
  }

  add(values: ReadonlyMap<string, Uint8Array>): void {
    for (const [name, value] of values) this.#values.set(name, value.slice());
  }

  remove(names: readonly string[]): void {
    for (const name of names) this.#values.delete(name);
  }

  reset(values: ReadonlyMap<string, Uint8Array>): void {
    this.#values.clear();
    this.add(values);
  }
}

/**
 * The part of a manager that an execution may see: what its workload names as this kind. Anything else is null, as if it
 * were not there. Source: docker/swarmkit `Restrict`.
 */
export function restricted(
  manager: Pick<DependencyManager, 'get'>,
  { workload }: Pick<Execution, 'workload'>,
  kind: 'secrets' | 'configs',
): Pick<DependencyManager, 'get'> {
  const named: ReadonlySet<string> = new Set(workload[kind]);
  return { get: async (name) => (named.has(name) ? manager.get(name) : null) };
}
