/**
 * One workload's life on a machine. Source: docker/swarmkit `api.Task`, whose state is observed, whose desired state is
 * asked for, and where neither is written by the other side. States only move forward.
 */
export const EXECUTION_STATES = [
  'NEW',
  'PENDING',
  'ASSIGNED',
  'ACCEPTED',
  'PREPARING',
  'READY',
  'STARTING',
  'RUNNING',
  'COMPLETE',
  'SHUTDOWN',
  'FAILED',
  'REJECTED',
  'REMOVE',
  'ORPHANED',
] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

/** How far along a state is. Only the order matters. */
export function rank(state: ExecutionState): number {
  return EXECUTION_STATES.indexOf(state);
}

/** It has ended, or will never run. */
export function isTerminal(state: ExecutionState): boolean {
  return rank(state) >= rank('COMPLETE');
}

/** `id` of the container or process, 0 for a number that is not known. */
export interface ContainerStatus {
  readonly id: string;
  readonly pid: number;
  readonly exitCode: number;
}

export interface PortStatus {
  readonly name: string;
  /** What the workload listens on, where others reach it: `host:port`. */
  readonly address: string;
}

/** What was last observed. */
export interface ExecutionStatus {
  readonly state: ExecutionState;
  readonly message: string;
  /** The last error's text; empty where there is none. */
  readonly err: string;
  readonly container: ContainerStatus | null;
  readonly ports: readonly PortStatus[] | null;
  /** When this status was made, epoch milliseconds; null = never. */
  readonly timestamp: number | null;
}

/** What `advance` and `resolve` decide from. */
export interface Advanceable {
  readonly desiredState: ExecutionState;
  readonly status: ExecutionStatus;
}

/** The machine that an execution is assigned to. */
export interface MachineRef {
  readonly environmentId: string;
  readonly clusterId: string;
  readonly instanceId: string;
}

/** Healthy = the address answers a GET of `path` with 2xx; `path` null = it accepts a connection. */
export interface Probe {
  /** The name of one of the ports. */
  readonly port: string;
  readonly path: string | null;
}

/** What to run. Secrets and configs are names: their values are handed over by a manager, and stored nowhere else. */
export interface WorkloadSpec {
  /** A program that the executor brings along, or a container's image. Null where `command` says all. */
  readonly image: string | null;
  /** Program and arguments; empty = what the image says. */
  readonly command: readonly string[];
  /** The whole environment, besides what the executor adds: PORT and PORT_<NAME> for its ports. */
  readonly env: Readonly<Record<string, string>>;
  /** `port` 0 = the executor picks a free one. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly probe: Probe | null;
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
}

export interface Execution extends Advanceable {
  readonly id: string;
  /** The component's name in its session. */
  readonly name: string;
  readonly machine: MachineRef;
  readonly workload: WorkloadSpec;
}
