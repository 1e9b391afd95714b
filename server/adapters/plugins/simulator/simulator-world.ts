import type { PrismaClient } from '../../postgres/generated/client.ts';
import type { Attempt, Fault } from './chance.ts';

/** What tests do to a simulated world behind the back of its plugin. */
export class SimulatorWorld {
  readonly #database: PrismaClient;
  readonly #environmentId: string;
  #next: Fault | null = null;
  #struck: { readonly token: string; readonly fault: Fault } | null = null;

  constructor(database: PrismaClient, environmentId: string) {
    this.#database = database;
    this.#environmentId = environmentId;
  }

  /** All that the next token asks for meets this fault, the first time that it is asked for. */
  strikeNext(fault: Fault): void {
    this.#next = fault;
  }

  /** For the plugin's option `fault`. */
  readonly fault = ({ token, repetition }: Attempt): Fault | null => {
    if (this.#next) this.#struck = { token, fault: this.#next };
    this.#next = null;
    return this.#struck?.token === token && repetition === 0 ? this.#struck.fault : null;
  };

  /** The machine's process ends; it stays listed. */
  async kill(id: string, now: number): Promise<void> {
    await this.#change(id, { diesAt: new Date(now) });
  }

  /** The machine is no longer listed. */
  async remove(id: string, now: number): Promise<void> {
    await this.#change(id, { goneAt: new Date(now) });
  }

  async #change(id: string, data: { diesAt: Date } | { goneAt: Date }): Promise<void> {
    await this.#database.simInstance.update({ where: { id, environmentId: this.#environmentId }, data });
  }
}
