import type { Cluster, Instance } from '../cluster/cluster.ts';
import type { Intent, Settlement } from './cycle-store.ts';

/**
 * What became of a call whose answer was lost, told from the back end itself. Only meaningful once the call's deadline
 * has passed, so that it can have no later effect.
 */
export function settleByReading(intent: Intent, cluster: Cluster): Settlement {
  return { outcome: outcomeOf(intent, cluster), settledBy: 'reading', error: null };
}

function outcomeOf({ kind, token, instanceId, count }: Intent, cluster: Cluster): Settlement['outcome'] {
  if (kind === 'start') {
    const started = cluster.instances.filter((instance) => instance.token === token).length;
    if (started === 0) return 'not-done';
    return started < count ? 'partly-done' : 'done';
  }
  const instance = cluster.instances.find((one) => one.id === instanceId);
  return tookEffect(kind, instance) ? 'done' : 'not-done';
}

function tookEffect(kind: Exclude<Intent['kind'], 'start'>, instance: Instance | undefined): boolean {
  switch (kind) {
    case 'drain':
      return instance === undefined || instance.state !== 'started';
    case 'undrain':
      return instance?.state === 'started';
    case 'terminate':
      return instance === undefined || instance.state === 'terminating';
  }
}
