import type { EnvironmentView } from '@/server/contract/cluster.ts';

/** Whether what is shown of an environment is old, and will be until something is done. */
export function isBroken(environment: EnvironmentView): boolean {
  if (environment.disabledAt !== null) return false;
  return environment.syncError !== null || !environment.reachable;
}
