import type { ComponentKind, ComponentSpec } from './session.ts';
import type { ExecutionFacts, SessionFacts } from './session-facts.ts';

/** Each group is started once all of those before it are ready. */
export const GROUPS: readonly ComponentKind[] = ['server', 'client', 'driver'];

/** In the order in which they are started; within a group as the spec has them. */
export function componentsOf({ spec }: SessionFacts): readonly ComponentSpec[] {
  return GROUPS.flatMap((kind) => spec.components.filter((component) => component.kind === kind));
}

export function driverOf({ executions }: SessionFacts): ExecutionFacts | null {
  return executions.find(({ kind }) => kind === 'driver') ?? null;
}

export function executionOf({ executions }: SessionFacts, name: string): ExecutionFacts | null {
  return executions.find((execution) => execution.name === name) ?? null;
}

/** It runs, is well, and each port that it declares has an address. A driver is asked for no address: nobody calls it. */
export function isReady({ kind, ports }: ComponentSpec, execution: ExecutionFacts | null): boolean {
  if (execution?.status.state !== 'RUNNING') return false;
  if (kind === 'driver') return true;
  return execution.health === 'ready' && ports.every(({ name }) => addressOf(execution, name) !== null);
}

export function addressOf({ status }: ExecutionFacts, port: string): string | null {
  return status.ports?.find(({ name }) => name === port)?.address ?? null;
}
