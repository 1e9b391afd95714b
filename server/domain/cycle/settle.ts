import type { Cluster } from '../cluster/cluster.ts';
import type { Intent, Settlement } from './cycle-store.ts';

/**
 * What became of a call whose answer was lost, told from the back end itself. Only meaningful once the call's deadline
 * has passed, so that it can have no later effect.
 */
export function settleByReading(intent: Intent, cluster: Cluster): Settlement {
  return { outcome: tookEffect(intent, cluster) ? 'done' : 'not-done', settledBy: 'reading', error: null };
}

function tookEffect({ kind, token, instanceId }: Intent, cluster: Cluster): boolean {
  if (kind === 'start') return cluster.instances.some((instance) => instance.token === token);
  const instance = cluster.instances.find((one) => one.id === instanceId);
  switch (kind) {
    case 'drain':
      return instance === undefined || instance.state !== 'started';
    case 'undrain':
      return instance?.state === 'started';
    case 'terminate':
      return instance === undefined || instance.state === 'terminating';
  }
}
