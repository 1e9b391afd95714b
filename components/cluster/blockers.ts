import { plural } from '@/components/cluster/cluster-sentence';
import { holders } from '@/components/cluster/holders';
import type { ClusterView, InstanceView } from '@/server/contract/cluster.ts';

type Blocked = Pick<ClusterView, 'effectivePolicy' | 'drainTimeoutMs'>;

/** What keeps a cycle from replacing an instance, or holds up its replacement, in sentences; the most lasting first. */
export function blockersOf(
  instance: Pick<InstanceView, 'state' | 'stateSince' | 'protection' | 'workloads' | 'health'>,
  { effectivePolicy, drainTimeoutMs }: Blocked,
  now: number,
): readonly string[] {
  const { state, stateSince, protection, workloads, health } = instance;
  const blockers: string[] = [];
  if (protection !== null) {
    const what = protection === 'standby' ? 'It is on standby' : 'It is protected';
    if (effectivePolicy.protect === 'skip') blockers.push(`${what}, and the policy is to leave such ones out.`);
    if (effectivePolicy.protect === 'wait') blockers.push(`${what}, and a cycle waits until it no longer is.`);
  }
  const held = holders(instance);
  if (held.length > 0) blockers.push(`It is held by ${held.map(({ name }) => name).join(', ')}.`);
  if (state === 'draining' && workloads.length > 0) {
    blockers.push(
      now - stateSince > drainTimeoutMs
        ? `It is past the time that its drain may take: ${plural(workloads.length, 'workload')} did not end.`
        : `Its drain waits for ${plural(workloads.length, 'workload')} to end.`,
    );
  }
  if (state === 'starting' || (state === 'started' && health === 'unknown')) {
    blockers.push('It does not count as in service yet, so nothing is drained on its account.');
  }
  return blockers;
}
