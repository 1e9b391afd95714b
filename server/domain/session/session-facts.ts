import type { ExecutionState, ExecutionStatus, MachineRef } from '../execution/execution.ts';
import type { ComponentHealth, ComponentKind, SessionSpec, SessionState, SessionVerdict } from './session.ts';

/** A component that was given to its machine. Times are epoch milliseconds. */
export interface ExecutionFacts {
  readonly id: string;
  /** The component's name. */
  readonly name: string;
  readonly kind: ComponentKind;
  readonly status: Pick<ExecutionStatus, 'state' | 'message' | 'err' | 'ports' | 'timestamp'>;
  readonly desiredState: ExecutionState;
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: string | null;
  readonly startedAt: number | null;
  readonly exitedAt: number | null;
  readonly health: ComponentHealth;
  readonly healthReason: string;
  readonly healthSince: number | null;
  /** Nothing of it is left on its machine, or the machine itself has gone. */
  readonly removed: boolean;
}

/** All that a session's next step is decided from. */
export interface SessionFacts {
  readonly spec: SessionSpec;
  readonly state: SessionState;
  /** Null = it is not over. */
  readonly verdict: SessionVerdict | null;
  /** What a person has asked for. */
  readonly ordered: 'cancel' | 'finish' | null;
  /** How long it is to be kept when it is over; 0 = not at all. */
  readonly keepForMs: number;
  readonly keepUntil: number | null;
  readonly createdAt: number;
  readonly acceptedAt: number | null;
  readonly provisionAt: number | null;
  readonly runningAt: number | null;
  /** The machine of each component, by the component's name. */
  readonly machines: ReadonlyMap<string, MachineRef>;
  readonly executions: readonly ExecutionFacts[];
}
