import type { Cluster } from '../domain/cluster/cluster.ts';
import type { Intent, NewIntent, Settlement } from '../domain/cycle/cycle-store.ts';
import type { Call, Environment } from '../domain/cycle/environment.ts';
import type { ExplainedTask } from '../domain/cycle/explain.ts';
import type { TurnFacts } from '../domain/cycle/progress.ts';
import { DomainError } from '../domain/errors.ts';

/** The instance that it is about, as a list; none for a start. */
export function instanceOf(intent: Pick<NewIntent, 'instanceId'>): string[] {
  return intent.instanceId === null ? [] : [intent.instanceId];
}

/** Whether the call takes an instance that has not been observed drained. */
export function leavesUndrained(intent: Pick<NewIntent, 'kind' | 'instanceId'>, cluster: Cluster): boolean {
  if (intent.kind !== 'drain' && intent.kind !== 'terminate') return false;
  return cluster.instances.find((one) => one.id === intent.instanceId)?.state !== 'drained';
}

/** The calls that the tasks ask for, one for each instance, and one for all starts. */
export function wanted(explained: readonly ExplainedTask[], facts: TurnFacts, forced: readonly string[]): NewIntent[] {
  const known = new Set(facts.cluster.instances.map((instance) => instance.id));
  const terminate = new Set(forced);
  const intents = explained.flatMap(({ task, because }): NewIntent[] => {
    if (task.kind === 'start') return [{ kind: 'start', instanceId: null, count: task.count, because }];
    if (task.kind !== 'drain' && task.kind !== 'terminate') return [];
    return task.instanceIds
      .filter((id) => known.has(id) && !terminate.has(id))
      .map((instanceId) => ({ kind: task.kind, instanceId, count: 0, because }));
  });
  const ends = forced.map(
    (instanceId): NewIntent => ({ kind: 'terminate', instanceId, count: 0, because: 'forced by a person' }),
  );
  return [...intents, ...ends];
}

export function undrain(instanceId: string): NewIntent {
  return { kind: 'undrain', instanceId, count: 0, because: 'skipped: back in service' };
}

export async function perform(environment: Environment, clusterId: string, intent: Intent, call: Call): Promise<void> {
  const ids = instanceOf(intent);
  switch (intent.kind) {
    case 'start':
      return environment.startInstances(clusterId, intent.count, call);
    case 'drain':
      return environment.drainInstances(ids, call);
    case 'terminate':
      return environment.terminateInstances(ids, call);
    case 'undrain':
      if (environment.undrainInstances === undefined) {
        throw new DomainError('NOT_SUPPORTED', { environment: environment.name, operation: 'undrain' });
      }
      return environment.undrainInstances(ids, call);
  }
}

export function refused(message: string): Settlement {
  return { outcome: 'not-done', settledBy: 'answer', error: { message, temporary: true } };
}
