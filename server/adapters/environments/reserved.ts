import type { Environment } from '../../domain/cycle/environment.ts';
import { type Hold, withHolds } from '../../domain/pool/hold.ts';

/**
 * The same environment, where what reservations hold is told as work, and a machine that is held has not drained.
 * Of `waitInstances` only the back end is asked.
 */
export function reserved(
  environment: Environment,
  holdsOf: (clusterId: string) => Promise<readonly Hold[]>,
): Environment {
  const undrain = environment.undrainInstances?.bind(environment);
  const change = environment.changeSettings?.bind(environment);
  const follow = environment.follow?.bind(environment);
  return {
    name: environment.name,
    capabilities: environment.capabilities,
    lookupClusterId: (name, signal) => environment.lookupClusterId(name, signal),
    async describeCluster(id, signal) {
      const cluster = await environment.describeCluster(id, signal);
      // Read last: of a machine that was drained by then, every hold is known.
      return withHolds(cluster, await holdsOf(id));
    },
    startInstances: (id, count, call) => environment.startInstances(id, count, call),
    drainInstances: (ids, call) => environment.drainInstances(ids, call),
    terminateInstances: (ids, call) => environment.terminateInstances(ids, call),
    waitInstances: (state, ids, signal) => environment.waitInstances(state, ids, signal),
    ...(undrain && { undrainInstances: (ids, call) => undrain(ids, call) }),
    ...(change && { changeSettings: (id, changes, call) => change(id, changes, call) }),
    ...(follow && { follow }),
  };
}
