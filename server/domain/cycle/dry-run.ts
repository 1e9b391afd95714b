import type { Environment } from './environment.ts';

/** Lets only reads through: start, drain, undrain, terminate and wait return at once. Source: segmentio/cycle `DryRun`. */
export function dryRun(environment: Environment): Environment {
  const nothing = async ({ aborted, reason }: AbortSignal): Promise<void> => {
    if (aborted) throw reason;
  };
  const reads: Environment = {
    name: environment.name,
    capabilities: environment.capabilities,
    lookupClusterId: (name, signal) => environment.lookupClusterId(name, signal),
    describeCluster: (id, signal) => environment.describeCluster(id, signal),
    startInstances: (_id, _count, { signal }) => nothing(signal),
    drainInstances: (_ids, { signal }) => nothing(signal),
    terminateInstances: (_ids, { signal }) => nothing(signal),
    waitInstances: (_state, _ids, signal) => nothing(signal),
  };
  return environment.undrainInstances === undefined
    ? reads
    : { ...reads, undrainInstances: (_ids, { signal }) => nothing(signal) };
}
