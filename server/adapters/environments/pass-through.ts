import type { Environment } from '../../domain/cycle/environment.ts';

/**
 * The same environment as a plain object, for decorators to replace parts of. What the one behind cannot do is missing
 * here too.
 */
export function passThrough(environment: Environment): Environment {
  const undrainInstances = environment.undrainInstances?.bind(environment);
  const changeSettings = environment.changeSettings?.bind(environment);
  const follow = environment.follow?.bind(environment);
  const pinnedSpec = environment.pinnedSpec?.bind(environment);
  return {
    name: environment.name,
    capabilities: environment.capabilities,
    lookupClusterId: (name, signal) => environment.lookupClusterId(name, signal),
    describeCluster: (id, signal) => environment.describeCluster(id, signal),
    startInstances: (id, count, call) => environment.startInstances(id, count, call),
    drainInstances: (ids, call) => environment.drainInstances(ids, call),
    terminateInstances: (ids, call) => environment.terminateInstances(ids, call),
    waitInstances: (state, ids, signal) => environment.waitInstances(state, ids, signal),
    ...(undrainInstances && { undrainInstances }),
    ...(changeSettings && { changeSettings }),
    ...(follow && { follow }),
    ...(pinnedSpec && { pinnedSpec }),
  };
}
