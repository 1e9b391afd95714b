import type Docker from 'dockerode';
import { z } from 'zod';
import type { Engine, Limits } from './engine.ts';
import { LABELS } from './labels.ts';

/** Longer than any call can be late. */
const KEPT_MS = 24 * 3_600_000;
const FORGET_EVERY_MS = 3_600_000;

const volumesSchema = z.object({
  Volumes: z.array(z.object({ Name: z.string(), CreatedAt: z.string().optional() })).nullable(),
});

/**
 * Which names of containers are used up, so that a late repeat of an order makes no other one. The engine keeps it, as
 * one empty volume for each, for a day.
 */
export class EndedMemory {
  readonly #engine: Engine;
  readonly #environmentId: string;
  #forgottenAt = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine, environmentId: string) {
    this.#engine = engine;
    this.#environmentId = environmentId;
  }

  async remember(name: string, limits: Limits): Promise<void> {
    const volume = {
      Name: volumeOf(name),
      Labels: { [LABELS.environment]: this.#environmentId, [LABELS.ended]: name },
    };
    await this.#engine.ask('remember a container', limits, (docker) => docker.createVolume(volume));
    await this.#forgetOld(limits);
  }

  async has(name: string, limits: Limits): Promise<boolean> {
    const request = (docker: Docker) => docker.getVolume(volumeOf(name)).inspect();
    return (await this.#engine.ask('look for a memory', limits, request, [404])) !== null;
  }

  async #forgetOld(limits: Limits): Promise<void> {
    const now = Date.now();
    if (now - this.#forgottenAt < FORGET_EVERY_MS) return;
    const filters = JSON.stringify({ label: [`${LABELS.environment}=${this.#environmentId}`, LABELS.ended] });
    const found = await this.#engine.ask('list memories', limits, (docker) => docker.listVolumes({ filters }));
    for (const { Name, CreatedAt } of volumesSchema.parse(found).Volumes ?? []) {
      if (CreatedAt === undefined || now - Date.parse(CreatedAt) < KEPT_MS) continue;
      const request = (docker: Docker) => docker.getVolume(Name).remove();
      await this.#engine.ask('forget a memory', limits, request, [404, 409]);
    }
    this.#forgottenAt = now;
  }
}

function volumeOf(name: string): string {
  return `${name}.ended`;
}
