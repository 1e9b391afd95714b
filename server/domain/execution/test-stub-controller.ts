import type { Controller } from './controller.ts';
import type { ContainerStatus, PortStatus } from './execution.ts';

type Verb = Exclude<keyof Controller, 'containerStatus' | 'portStatus'>;

/** How often each method was called; one that was not called is not named. */
export type Calls = Partial<Record<keyof Controller | 'errContainerStatus', number>>;

interface Stub {
  /** What every verb does; absent = nothing. Throws what the verb is to throw. */
  readonly behave?: (verb: Verb) => void | Promise<void>;
  /** Absent = the controller has no such method. */
  readonly containerStatus?: () => ContainerStatus | null;
  readonly portStatus?: () => readonly PortStatus[] | null;
}

export interface StubController extends Controller {
  readonly calls: Calls;
}

/** A controller of no workload that counts what it is asked. Source: docker/swarmkit `StubController`. */
export function stubController({ behave, containerStatus, portStatus }: Stub = {}): StubController {
  const calls: Calls = {};
  const count = (method: keyof Controller) => {
    calls[method] = (calls[method] ?? 0) + 1;
  };
  const verb = (name: Verb) => async () => {
    count(name);
    await behave?.(name);
  };
  return {
    calls,
    update: verb('update'),
    prepare: verb('prepare'),
    start: verb('start'),
    wait: verb('wait'),
    shutdown: verb('shutdown'),
    terminate: verb('terminate'),
    remove: verb('remove'),
    close: verb('close'),
    ...(containerStatus && {
      containerStatus: async () => {
        count('containerStatus');
        return containerStatus();
      },
    }),
    ...(portStatus && {
      portStatus: async () => {
        count('portStatus');
        return portStatus();
      },
    }),
  };
}
