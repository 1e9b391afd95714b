import { z } from 'zod';
import type { Workload } from '../../../domain/cluster/cluster.ts';
import type { MachineFacts } from '../../../domain/instance/plugin.ts';

/** Year 1: the engine's way to say never. */
const time = z.string().transform((text) => {
  const at = Date.parse(text);
  return at > 0 ? at : null;
});

/** What of an engine's `GET /containers/{id}/json` is relied on. */
export const containerSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: time,
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullable() }),
  State: z.object({
    Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
    StartedAt: time,
    Health: z
      .object({
        Status: z.string(),
        Log: z.array(z.object({ End: time, ExitCode: z.int() })).nullable(),
      })
      .optional(),
  }),
});

export type Container = z.output<typeof containerSchema>;

/** The order to drain, as the container's name carries it. */
export interface DrainOrder {
  readonly orderedAt: number;
  /** Whether SIGTERM was sent. */
  readonly told: boolean;
}

/**
 * A label cannot be changed once a container runs, but its name can, in one atomic call that outlives every process: so
 * the name tells what was ordered. `id.drain.T` = ordered at T, `id.draining.T` = and SIGTERM was sent.
 */
export function drainName(id: string, { orderedAt, told }: DrainOrder): string {
  return `${id}.${told ? 'draining' : 'drain'}.${orderedAt}`;
}

export function drainOrderOf(name: string): DrainOrder | null {
  const [, word, at] = /\.(drain|draining)\.(\d+)$/.exec(name) ?? [];
  return word === undefined ? null : { orderedAt: Number(at), told: word === 'draining' };
}

export interface Circumstances {
  readonly now: number;
  /** How long a container without a HEALTHCHECK runs before it is in service. */
  readonly minHealthyMs: number;
  /** Until when its maker may still start it. */
  readonly deadline: number;
  /** Since when it was seen to be healthy, without a break; null = it was not. */
  readonly seenHealthySince: number | null;
  /** What runs on it besides its own program. */
  readonly workloads: readonly Workload[];
}

/**
 * What a container is as a machine. One that has ended is drained if that was ordered and nothing else runs on it; where
 * it was not ordered it is started and unhealthy, as is one that nobody has started in time.
 */
export function factsOf(container: Container, circumstances: Circumstances): MachineFacts {
  const { Created: createdAt, Name, State } = container;
  const order = drainOrderOf(Name);
  const { workloads } = circumstances;
  const base = { createdAt, drainingSince: order?.orderedAt ?? null, workloads, ...UNKNOWN };
  const done = workloads.length === 0 ? 'drained' : 'draining';
  switch (State.Status) {
    case 'removing':
    case 'dead':
      return { ...base, state: 'terminating' };
    case 'created':
      if (order) return { ...base, state: done };
      return circumstances.now < circumstances.deadline
        ? { ...base, state: 'starting' }
        : { ...base, ...UNHEALTHY, state: 'started' };
    case 'exited':
      return order ? { ...base, state: done } : { ...base, ...UNHEALTHY, state: 'started' };
    default: {
      const { state, ...health } = runningFacts(State, circumstances);
      return { ...base, ...health, state: order ? 'draining' : state };
    }
  }
}

const UNKNOWN = { health: 'unknown', healthySince: null } as const;
const UNHEALTHY = { health: 'unhealthy', healthySince: null } as const;

function runningFacts(
  { Status, StartedAt, Health }: Container['State'],
  { now, minHealthyMs, seenHealthySince }: Circumstances,
): Pick<MachineFacts, 'state' | 'health' | 'healthySince'> {
  if (Status !== 'running') return { state: 'started', ...UNHEALTHY };
  switch (Health?.Status) {
    case 'healthy': {
      const since = [seenHealthySince, healthySince(Health.Log ?? [])].filter((at) => at !== null);
      return { state: 'started', health: 'healthy', healthySince: since.length === 0 ? now : Math.min(...since) };
    }
    case 'unhealthy':
      return { state: 'started', ...UNHEALTHY };
    case 'starting':
      return { state: 'starting', ...UNKNOWN };
    default: {
      if (StartedAt === null || now - StartedAt < minHealthyMs) return { state: 'starting', ...UNKNOWN };
      return { state: 'started', health: 'healthy', healthySince: StartedAt };
    }
  }
}

/** The first of the checks without a failure after it. The engine keeps the last five, so it may be healthy for longer. */
function healthySince(log: NonNullable<NonNullable<Container['State']['Health']>['Log']>): number | null {
  const lastFailure = log.findLastIndex(({ ExitCode }) => ExitCode !== 0);
  return log[lastFailure + 1]?.End ?? null;
}
