import type { WorkloadObservation } from '../execution/controller.ts';
import type { ComponentHealth } from './session.ts';

/** What a container does, as Kubernetes tells it. More than one may be set. */
export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message: string };
  readonly running?: object;
  readonly terminated?: { readonly exitCode: number; readonly reason: string; readonly message: string };
}

/** `last` is the state before the last restart. Source: Kubernetes `v1.ContainerStatus`. */
export interface ContainerStatusFacts {
  readonly state: ContainerState;
  readonly last: ContainerState;
}

export interface Diagnosis {
  readonly health: ComponentHealth;
  /** Why it is not well; null where there is nothing to say. */
  readonly reason: string | null;
}

/** How long a container has waited. */
export interface Waiting {
  readonly since: number;
  readonly now: number;
}

/** An image that cannot be pulled may be pushed, or its registry come back, in this time. */
export const IMAGE_GRACE_MS = 60_000;

const IMAGE_REASONS: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
]);

/**
 * How well a component is, by its containers; there is to be one. Source: grpc/test-infra `orch.Diagnose`, with its
 * texts. With `waiting`, a container whose image cannot be pulled has failed after a grace time; the source waits on.
 */
export function diagnose(statuses: readonly ContainerStatusFacts[], waiting: Waiting | null = null): Diagnosis {
  const [status] = statuses;
  if (status === undefined || statuses.length > 1)
    return { health: 'not-ready', reason: `pod has ${statuses.length} container statuses, expected 1` };
  const { state, last } = status;
  const terminated = last.terminated ?? state.terminated;
  if (terminated !== undefined) return diagnoseEnd(terminated);
  if (state.waiting?.reason === 'CrashLoopBackOff')
    return { health: 'failed', reason: `container crashed: ${bracketed(state.waiting)}` };
  if (state.running !== undefined) return { health: 'ready', reason: null };
  if (state.waiting !== undefined && waiting !== null && isImageLost(state.waiting.reason, waiting))
    return { health: 'failed', reason: `image cannot be pulled: ${bracketed(state.waiting)}` };
  return { health: 'unknown', reason: null };
}

function diagnoseEnd(end: NonNullable<ContainerState['terminated']>): Diagnosis {
  if (end.exitCode === 0) return { health: 'succeeded', reason: null };
  return { health: 'failed', reason: `container terminated unexpectedly: ${bracketed(end)}` };
}

function bracketed({ reason, message }: { readonly reason: string; readonly message: string }): string {
  return `[${reason}] ${message}`;
}

function isImageLost(reason: string, { since, now }: Waiting): boolean {
  return IMAGE_REASONS.has(reason) && now - since >= IMAGE_GRACE_MS;
}

/** What is seen of a component, with a reason that a person can read; empty where there is none. */
export interface SeenHealth {
  readonly health: ComponentHealth;
  readonly reason: string;
}

/** How well a component is, by what its executor tells; null = the machine knows of none. */
export function healthOf(observation: WorkloadObservation | null): SeenHealth {
  if (observation === null) return { health: 'unknown', reason: '' };
  const { health } = diagnose([{ state: stateOf(observation), last: {} }]);
  if (health === 'failed') return { health, reason: endInWords(observation) };
  // A container that runs is ready for the source; here the probe says so.
  if (health === 'ready' && observation.ready === false) return { health: 'not-ready', reason: observation.reason };
  if (health === 'ready' && observation.ready === null) return { health: 'unknown', reason: observation.reason };
  return { health, reason: '' };
}

function stateOf(observation: WorkloadObservation): ContainerState {
  const { startedAt, exitedAt, exitCode, signal } = observation;
  if (exitedAt !== null || exitCode !== null || signal !== null) {
    // What a signal ended was not ended well, whatever code a shell makes of it.
    const code = signal === null ? (exitCode ?? UNKNOWN_EXIT) : exitCode || UNKNOWN_EXIT;
    return { terminated: { exitCode: code, reason: signal ?? '', message: '' } };
  }
  return startedAt === null ? {} : { running: {} };
}

/** Nobody has seen it end. */
const UNKNOWN_EXIT = -1;

function endInWords({ exitCode, signal, reason }: WorkloadObservation): string {
  if (signal !== null) return `killed by ${signal}`;
  if (exitCode !== null) return `exit code ${exitCode}`;
  return reason === '' ? 'ended, and nobody saw how' : reason;
}
