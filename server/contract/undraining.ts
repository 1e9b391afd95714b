import type { EnvironmentKind } from './cluster.ts';

const kinds: readonly string[] = ['local', 'simulator'] satisfies EnvironmentKind[];

/** Whether back ends of the kind put an instance back in service that drains. Pages load this, so nothing else is here. */
export function canUndrain(kind: string): boolean {
  return kinds.includes(kind);
}
