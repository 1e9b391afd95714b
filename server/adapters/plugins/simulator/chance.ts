import type { SimulatorSettings } from '../../../contract/simulator-settings.ts';
import { draw, drawBetween, drawOne } from './draw.ts';
import type { Machine, StartFailure } from './model.ts';

/** What is drawn for a machine when it is provisioned. */
export type DrawnMachine = Pick<
  Machine,
  'zone' | 'protection' | 'startMs' | 'startFailure' | 'drainMs' | 'drainStuck' | 'terminateMs' | 'diesAt' | 'workloads'
>;

const SLOW_START_FACTOR = 10;
const WORKLOADS = [
  'checkout-api',
  'ingest-writer',
  'session-store',
  'report-builder',
  'search-indexer',
  'mail-relay',
  'thumbnailer',
  'billing-export',
] as const;
/** Work comes in during this time after the start. */
const WORKLOADS_WITHIN_MS = 10_000;

/** The same `key` gives the same machine, whenever it is provisioned. */
export function drawMachine(settings: SimulatorSettings, key: string, createdAt: number): DrawnMachine {
  const { seed, faults } = settings;
  const happens = (share: number, what: string) => draw(seed, key, what) < share;
  const drawn = drawBetween(settings.startMs, seed, key, 'start');
  const startMs = happens(faults.slowStart, 'slow-start') ? drawn * SLOW_START_FACTOR : drawn;
  const failure = happens(faults.failedStart, 'failed-start')
    ? drawOne<StartFailure | 'dies'>(['stuck', 'unhealthy', 'dies'], seed, key, 'failure')
    : null;
  const drainStuck = happens(faults.stuckDrain, 'stuck-drain');
  const [zone = 'zone', ...zones] = settings.zones;
  return {
    zone: drawOne([zone, ...zones], seed, key, 'zone'),
    protection: happens(settings.protected, 'protected') ? 'protected' : null,
    startMs,
    startFailure: failure === 'dies' ? null : failure,
    drainMs: drawBetween(settings.drainMs, seed, key, 'drain'),
    drainStuck,
    terminateMs: drawBetween(settings.terminateMs, seed, key, 'terminate'),
    diesAt: deathOf(),
    workloads: drawWorkloads(settings, key, drainStuck),
  };

  function deathOf(): number | null {
    if (failure === 'dies') return createdAt + Math.floor(startMs * draw(seed, key, 'dies-after'));
    if (!happens(faults.death, 'death')) return null;
    return createdAt + startMs + drawBetween(settings.deathAfterMs, seed, key, 'dies-after');
  }
}

/** A machine whose drain is stuck has work that it is stuck on. */
function drawWorkloads(
  { seed, workloads }: SimulatorSettings,
  key: string,
  atLeastOne: boolean,
): DrawnMachine['workloads'] {
  const count = Math.max(drawBetween(workloads, seed, key, 'workloads'), atLeastOne ? 1 : 0);
  return Array.from({ length: count }, (_, index) => ({
    name: drawOne(WORKLOADS, seed, key, 'workload', index),
    afterMs: index === 0 ? 0 : drawBetween([0, WORKLOADS_WITHIN_MS], seed, key, 'workload-after', index),
  }));
}

/** What goes wrong with one call: no effect; effect, and then an error; effect, and then an answer that is too late. */
export type Fault = 'throttled' | 'lost-answer' | 'late-answer';

/** One call as the world meets it. */
export interface Attempt {
  readonly operation: Operation;
  readonly token: string;
  /** The machine's logical id, or its id where it has none. */
  readonly machine: string;
  /** How many calls of this kind with this token for this machine came before. */
  readonly repetition: number;
}

export const operations = ['provision', 'destroy', 'drain', 'undrain', 'configure'] as const;
export type Operation = (typeof operations)[number];

/** From this repetition on a call meets no fault, so whoever repeats it gets through. */
const REPETITIONS_WITH_FAULTS = 3;

/** The same attempt meets the same fault in every run. */
export function drawFault(
  { seed, faults }: SimulatorSettings,
  { operation, token, machine, repetition }: Attempt,
): Fault | null {
  if (repetition >= REPETITIONS_WITH_FAULTS) return null;
  const drawn = draw(seed, 'fault', operation, token, machine, repetition);
  if (drawn < faults.throttling) return 'throttled';
  if (drawn < faults.throttling + faults.lostAnswer) return 'lost-answer';
  if (drawn < faults.throttling + faults.lostAnswer + faults.lateAnswer) return 'late-answer';
  return null;
}
