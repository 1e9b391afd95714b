import type { Call, Environment } from './environment.ts';
import type { Task } from './task.ts';

/** How long an order may take. Waits end only by what they wait for, or by the signal. */
const CALL_LIMIT_MS = 10_000;

/**
 * Executes the tasks of one step at the same time and resolves when all have ended. Throws an AggregateError with every failure.
 * For one-shot use, where nothing is remembered between two runs: each run gives its orders under tokens of its own,
 * so it reads the clock and draws a name. Source: segmentio/cycle `Run`.
 */
export async function run(environment: Environment, tasks: readonly Task[], signal: AbortSignal): Promise<void> {
  const name = `run-${crypto.randomUUID()}`;
  const deadline = Date.now() + CALL_LIMIT_MS;
  const results = await Promise.allSettled(
    tasks.map((task, ordinal) => execute(environment, task, { token: `${name}/1/${ordinal + 1}`, deadline, signal })),
  );
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${tasks.length} tasks failed`);
}

async function execute(environment: Environment, task: Task, call: Call): Promise<void> {
  call.signal.throwIfAborted();
  switch (task.kind) {
    case 'start':
      return environment.startInstances(task.clusterId, task.count, call);
    case 'drain':
      return environment.drainInstances(task.instanceIds, call);
    case 'terminate':
      return environment.terminateInstances(task.instanceIds, call);
    case 'wait':
      return environment.waitInstances(task.state, task.instanceIds, call.signal);
    case 'hold':
      return;
  }
}
