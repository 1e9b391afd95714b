import type { Cluster } from '../domain/cluster/cluster.ts';
import type { CycleRecord, CycleStore, Fence, SettingOrder } from '../domain/cycle/cycle-store.ts';
import type { Environment } from '../domain/cycle/environment.ts';
import { mayChange, newlyChanged, putBack, type RestoreEntry, settingsToChange } from '../domain/cycle/settings.ts';
import { DomainError, isDomainError } from '../domain/errors.ts';

export interface SettingPorts {
  readonly store: CycleStore;
  readonly environment: Environment;
}

/** `ordered`: the next look tells. `waiting`: an earlier call may still take effect, so nothing was ordered. */
export type SettingStep = 'done' | 'ordered' | 'waiting';

/**
 * Changes settings of the back end for the time of a cycle and puts them back. Each is in the ledger before its call
 * leaves; what a call did is told by reading, never by its answer.
 */
export class SettingKeeper {
  readonly #fence: Fence;
  readonly #cycle: CycleRecord;
  readonly #ports: SettingPorts;
  readonly #signal: AbortSignal;

  constructor(fence: Fence, cycle: CycleRecord, ports: SettingPorts, signal: AbortSignal) {
    this.#fence = fence;
    this.#cycle = cycle;
    this.#ports = ports;
    this.#signal = signal;
  }

  /**
   * One step towards what the cycle needs set; `done` when that is seen in effect. `leaving` are to be drained or
   * terminated now. What a person has had skipped meanwhile is put back.
   */
  async prepare(ours: Cluster, leaving: readonly string[]): Promise<SettingStep> {
    const { store, environment } = this.#ports;
    const { policy } = this.#cycle.plan.body;
    const entries = await store.restores(this.#cycle.id);
    const seen = newlyChanged(entries, ours);
    if (seen.length > 0) await store.noteSettings(this.#fence, seen, 'changed');
    const skipped = new Set(ours.instances.filter((one) => one.excluded === 'skipped').map((one) => one.id));
    await this.#back(
      entries.filter(({ instanceId }) => instanceId !== null && skipped.has(instanceId)),
      ours,
    );
    const wanted = settingsToChange(ours, leaving, entries, environment.capabilities, policy);
    if (wanted.length === 0) return 'done';
    if (!mayChange(entries, this.#cycle.loadedAt)) return 'waiting';
    await this.#order(wanted.map((one) => ({ ...one, during: one.value })));
    return 'ordered';
  }

  /** One step towards everything being as it was; `done` when it is. */
  async restore(cluster: Cluster): Promise<SettingStep> {
    const entries = await this.#ports.store.restores(this.#cycle.id);
    return this.#back(entries, cluster);
  }

  async #back(entries: readonly RestoreEntry[], cluster: Cluster): Promise<SettingStep> {
    if (entries.length === 0) return 'done';
    const { settled, changes, waiting } = putBack(entries, cluster, this.#cycle.loadedAt);
    for (const outcome of ['restored', 'gone', 'overtaken'] as const) {
      const those = settled.filter((one) => one.outcome === outcome).map((one) => one.entry);
      if (those.length > 0) await this.#ports.store.noteSettings(this.#fence, those, outcome);
    }
    if (changes.length > 0) {
      await this.#order(changes.map((entry) => ({ ...entry, value: entry.before })));
      return 'ordered';
    }
    return waiting.length === 0 ? 'done' : 'waiting';
  }

  async #order(changes: readonly SettingOrder[]): Promise<void> {
    const { store, environment } = this.#ports;
    const change = environment.changeSettings?.bind(environment);
    if (change === undefined)
      throw new DomainError('NOT_SUPPORTED', { environment: environment.name, operation: 'change settings' });
    const intended = await store.intendSettings(this.#fence, this.#cycle.state, changes);
    // A person has changed the state, or the next cycle has begun: the next turn looks again.
    if (intended === null) return;
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(Math.max(1, intended.remainingMs))]);
    const token = `${this.#cycle.id}/settings/${intended.deadline}`;
    try {
      await change(this.#cycle.clusterId, changes, { token, deadline: intended.deadline, signal });
    } catch (error) {
      // Throttled means that nothing happened. After any other failure the call may still take effect.
      if (isDomainError(error) && error.code === 'ENVIRONMENT_THROTTLED')
        await store.noteSettings(this.#fence, changes, 'answered');
      throw error;
    }
    await store.noteSettings(this.#fence, changes, 'answered');
  }
}
