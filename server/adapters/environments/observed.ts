import { randomUUID } from 'node:crypto';
import type { Environment } from '../../domain/cycle/environment.ts';
import type { SettingChange } from '../../domain/cycle/settings.ts';
import { isDomainError } from '../../domain/errors.ts';
import { passThrough } from './pass-through.ts';

/** One call of a back end, as it went. */
export interface ObservedCall {
  readonly requestId: string;
  readonly operation:
    | 'lookupClusterId'
    | 'describeCluster'
    | 'startInstances'
    | 'drainInstances'
    | 'terminateInstances'
    | 'undrainInstances'
    | 'changeSettings'
    | 'waitInstances'
    | 'pinnedSpec';
  /** `null` for reads. */
  readonly token: string | null;
  /** What the call was about: the cluster, the count, the instances. */
  readonly detail: string;
  /** Epoch milliseconds at which it began. */
  readonly at: number;
  readonly durationMs: number;
  /** `ok`, or the error's text. */
  readonly result: string;
  /** The back end said that it is called too often. */
  readonly isThrottled: boolean;
}

/**
 * The same environment; each call is reported to `record` when it has ended, whatever its end, but for a read whose
 * reader has lost its lease: that says nothing about the back end. `record` must not throw.
 */
export function observed(
  environment: Environment,
  record: (call: ObservedCall) => void,
  clock: () => number,
): Environment {
  async function report<T>(
    operation: ObservedCall['operation'],
    token: string | null,
    detail: string,
    request: Promise<T>,
  ): Promise<T> {
    const requestId = randomUUID();
    const at = clock();
    const end = (result: string, isThrottled = false) =>
      record({ requestId, operation, token, detail, at, durationMs: clock() - at, result, isThrottled });
    try {
      const answer = await request;
      end('ok');
      return answer;
    } catch (error) {
      const isGivenUp = token === null && isDomainError(error) && error.code === 'LEASE_LOST';
      if (isGivenUp) throw error;
      const isThrottled = isDomainError(error) && error.code === 'ENVIRONMENT_THROTTLED';
      end(error instanceof Error ? error.message : String(error), isThrottled);
      throw error;
    }
  }

  const behind = passThrough(environment);
  const { undrainInstances: undrain, changeSettings: change, pinnedSpec } = behind;
  return {
    // Not `follow`, which is no call that ends: what is heard leads to reads.
    ...behind,
    lookupClusterId: (name, signal) => report('lookupClusterId', null, name, environment.lookupClusterId(name, signal)),
    describeCluster: (id, signal) => report('describeCluster', null, id, environment.describeCluster(id, signal)),
    startInstances: (id, count, call) =>
      report('startInstances', call.token, `${count} in ${id}`, environment.startInstances(id, count, call)),
    drainInstances: (ids, call) =>
      report('drainInstances', call.token, ids.join(', '), environment.drainInstances(ids, call)),
    terminateInstances: (ids, call) =>
      report('terminateInstances', call.token, ids.join(', '), environment.terminateInstances(ids, call)),
    waitInstances: (state, ids, signal) =>
      report('waitInstances', null, `${state}: ${ids.join(', ')}`, environment.waitInstances(state, ids, signal)),
    ...(undrain && {
      undrainInstances: (ids, call) => report('undrainInstances', call.token, ids.join(', '), undrain(ids, call)),
    }),
    ...(change && {
      changeSettings: (id, changes, call) =>
        report('changeSettings', call.token, changes.map(inWords).join(', '), change(id, changes, call)),
    }),
    // Which spec is not told: values of the environment may stand in it.
    ...(pinnedSpec && {
      pinnedSpec: (spec, signal) => report('pinnedSpec', null, 'a spec', pinnedSpec(spec, signal)),
    }),
  };
}

function inWords({ name, instanceId, value }: SettingChange): string {
  return `${instanceId === null ? '' : `${instanceId}: `}${name} ${value}`;
}
