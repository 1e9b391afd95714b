import type { Executor } from '../../domain/execution/executor.ts';

/** The mutant that the chaos test must catch: a runner that believes to have removed what it has only stopped. */
export function leaveComponents(executor: Executor): Executor {
  return {
    describe: executor.describe.bind(executor),
    configure: executor.configure.bind(executor),
    setNetworkKeys: executor.setNetworkKeys.bind(executor),
    observe: executor.observe.bind(executor),
    logs: executor.logs.bind(executor),
    list: executor.list.bind(executor),
    async controller(execution, signal) {
      const controller = await executor.controller(execution, signal);
      controller.remove = async () => undefined;
      return controller;
    },
  };
}
