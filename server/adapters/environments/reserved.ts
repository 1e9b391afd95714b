import type { Environment } from '../../domain/cycle/environment.ts';
import { type Hold, withHolds } from '../../domain/pool/hold.ts';
import { passThrough } from './pass-through.ts';

/**
 * The same environment, where what reservations hold is told as work, and a machine that is held has not drained.
 * Of `waitInstances` only the back end is asked.
 */
export function reserved(
  environment: Environment,
  holdsOf: (clusterId: string) => Promise<readonly Hold[]>,
): Environment {
  return {
    ...passThrough(environment),
    async describeCluster(id, signal) {
      const cluster = await environment.describeCluster(id, signal);
      // Read last: of a machine that was drained by then, every hold is known.
      return withHolds(cluster, await holdsOf(id));
    },
  };
}
