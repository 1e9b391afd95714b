import type { WorkloadSpec } from '../execution/execution.ts';
import type { Json } from '../instance/plugin.ts';

export type ComponentKind = 'driver' | 'client' | 'server';

/** One component of a session: one workload on one machine of a pool. */
export interface ComponentSpec extends WorkloadSpec {
  /** Unique in its session, for example `server-1`. */
  readonly name: string;
  readonly kind: ComponentKind;
  readonly pool: string;
}

/** In milliseconds; 0 = none. */
export interface SessionTimeouts {
  /** How long it may wait for machines. */
  readonly queueMs: number;
  /** How long all components together may take to become ready. */
  readonly provisionMs: number;
  /** How long the driver may run. */
  readonly testMs: number;
}

/** What a person submits. Source: grpc/test-infra `types.Session`. */
export interface SessionSpec {
  readonly name: string;
  readonly components: readonly ComponentSpec[];
  /** Given to the driver in SCENARIO_JSON. */
  readonly scenario: Json;
  readonly timeouts: SessionTimeouts;
  readonly labels: Readonly<Record<string, string>>;
  /** Higher goes first; 0 is usual. */
  readonly priority: number;
}

/** queued: waits for machines. accepted: holds them. keeping: over, its machines and components are kept for triage. */
export const SESSION_STATES = [
  'queued',
  'accepted',
  'provisioning',
  'running',
  'keeping',
  'cleaning',
  'ended',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** succeeded, failed: by the driver's exit. error: it could not be run, or ran too long. internal-error: our own failure. */
export type SessionOutcome = 'succeeded' | 'failed' | 'error' | 'internal-error' | 'cancelled' | 'finished';

/** Source: grpc/test-infra `types.Event` kinds. */
export type SessionEventKind = 'queue' | 'accept' | 'provision' | 'run' | 'done' | 'error' | 'internal-error';

/** How a session ended, in one sentence: which component, why, what to look at. */
export interface SessionVerdict {
  readonly outcome: SessionOutcome;
  readonly sentence: string;
  /** The component that decided it; null where none did. */
  readonly component: string | null;
  /** What to look at next. */
  readonly next: string;
}

/** Source: grpc/test-infra `orch.Health`. */
export type ComponentHealth = 'unknown' | 'ready' | 'not-ready' | 'succeeded' | 'failed';

export const ENV = {
  workers: 'QPS_WORKERS',
  workerKind: 'WORKER_KIND',
  scenario: 'SCENARIO_JSON',
  results: 'ROUNDHOUSE_RESULTS',
} as const;
