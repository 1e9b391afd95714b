import { readFileSync } from 'node:fs';
import type { Cluster, Instance, InstanceState } from '../../cluster/cluster.ts';
import type { Task, TaskConfig, WaitState } from '../task.ts';

type Row = readonly [id: string, state: number, config: number, createdAtMs: number | null, updatedAgeMs: number | null];

interface RecordedTask {
  readonly op: 'start' | 'drain' | 'terminate' | 'wait';
  readonly cluster?: string;
  readonly count?: number;
  readonly ids?: readonly string[];
  readonly state?: WaitState;
}

interface RecordedConfig {
  readonly target: number;
  readonly min: number;
  readonly max: number;
  readonly drainTimeoutMs: number;
}

interface PlanCase {
  readonly cluster: string;
  readonly instances: readonly Row[];
  readonly tc: RecordedConfig;
  readonly tasks?: readonly RecordedTask[];
  readonly error?: string;
}

interface TrajectoryCase {
  readonly cluster: string;
  readonly name: string;
  readonly states: readonly (readonly Row[])[];
  readonly tasks: readonly (readonly RecordedTask[])[];
  readonly tc: RecordedConfig;
  readonly success: boolean;
  readonly terminated: boolean;
}

interface VectorFile<Case> {
  readonly states: readonly InstanceState[];
  readonly configs: readonly string[];
  readonly clusterConfig: string;
  readonly cases: readonly Case[];
}

/** The moment at which the recorded calls are taken to have been made. */
export const NOW = Date.UTC(2026, 0, 1);

export const plans = (): VectorFile<PlanCase> => read('cycle-plan.json');
export const handwritten = (): VectorFile<TrajectoryCase> => read('cycle-handwritten.json');
export const trajectories = (): VectorFile<TrajectoryCase> => read('cycle-trajectory.json');

function read<Case>(name: string): VectorFile<Case> {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

export function clusterOf(file: VectorFile<unknown>, id: string, rows: readonly Row[]): Cluster {
  const instances = rows.map(([instanceId, state, config, createdAt, age]): Instance => {
    const [stateName, configName] = [file.states[state], file.configs[config]];
    if (stateName === undefined || configName === undefined) throw new Error(`${id}/${instanceId}: unknown state or configuration`);
    return { id: instanceId, state: stateName, config: configName, createdAt, updatedAt: age === null ? null : NOW - age };
  });
  return { id, name: id, config: file.clusterConfig, minSize: 0, maxSize: 0, instances };
}

export function configOf({ target, min, max, drainTimeoutMs }: RecordedConfig): TaskConfig {
  return { targetSize: target, minSize: min, maxSize: max, drainTimeoutMs };
}

/** Our form of a recorded task list. */
export function tasksOf(recorded: readonly RecordedTask[]): Task[] {
  return recorded.map(({ op, cluster = '', count = 0, ids = [], state = 'started' }): Task => {
    if (op === 'start') return { kind: 'start', clusterId: cluster, count };
    return op === 'wait' ? { kind: 'wait', state, instanceIds: ids } : { kind: op, instanceIds: ids };
  });
}
