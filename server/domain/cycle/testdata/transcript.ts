import type { Cluster } from '../../cluster/cluster.ts';
import { capacity } from '../capacity.ts';
import { explain } from '../explain.ts';
import type { CyclePolicy } from '../policy.ts';
import type { Task, TaskConfig } from '../task.ts';
import { nextChange, World } from '../world-model.ts';

const LASTS = { start: 60_000, drain: 120_000, terminate: 10_000 };

/**
 * A whole rollout as a story that a reviewer can read: at each moment the cluster, what is ordered and why, and what
 * the planner waits for. Starts take 60 s, drains 120 s, terminations 10 s.
 */
export function transcript(title: string, cluster: Cluster, config: TaskConfig, policy: CyclePolicy, begun: number): string {
  const healthChecks = cluster.instances.some(({ health }) => health !== undefined);
  const lasts = (phase: keyof typeof LASTS) => LASTS[phase];
  const world = new World(cluster, begun, healthChecks ? { lasts, health: () => 'healthy' } : { lasts });
  const { targetSize, minSize, maxSize, drainTimeoutMs } = config;
  const lines = [title, `target ${targetSize}, min ${minSize}, max ${maxSize}, drain timeout ${drainTimeoutMs / 1_000} s`, `policy ${JSON.stringify(policy)}`];
  for (let moment = 0; moment < 500; moment += 1) {
    const { tasks, binding } = explain(world.cluster, config, policy, world.now);
    lines.push('', `${((world.now - begun) / 1_000).toString().padStart(5)} s  ${counts(world.cluster, policy, world.now)}`);
    for (const { task, because } of tasks) lines.push(`         ${told(task, begun)}`, `           ${because}`);
    if (binding !== null) lines.push(`         binding: ${binding}`);
    if (tasks.length === 0) return [...lines, '         nothing is left to do', ''].join('\n');

    world.order(tasks.map(({ task }) => task));
    const hold = tasks.at(-1)?.task;
    const until = hold?.kind === 'hold' ? hold.until : Number.POSITIVE_INFINITY;
    if (until === null) return [...lines, '         a person must decide', ''].join('\n');
    world.advanceTo(Math.min(nextChange(world, config, policy), until));
  }
  throw new Error(`${title}: no end after 500 moments`);
}

function counts(cluster: Cluster, policy: CyclePolicy, now: number): string {
  const { at: _, inService, ...states } = capacity(cluster, policy, now);
  const parts = Object.entries(states).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
  return `${parts.join(', ') || 'empty'} · ${inService} in service`;
}

function told(task: Task, begun: number): string {
  switch (task.kind) {
    case 'start':
      return `start ${task.count}`;
    case 'wait':
      return `wait ${task.state}: ${task.instanceIds.join(' ')}`;
    case 'hold':
      return `hold ${task.reason}${task.until === null ? '' : ` until ${(task.until - begun) / 1_000} s`}: ${task.instanceIds.join(' ')}`;
    default:
      return `${task.kind} ${task.instanceIds.join(' ')}`;
  }
}
