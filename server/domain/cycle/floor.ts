import type { Cluster } from '../cluster/cluster.ts';
import { inService } from './in-service.ts';
import type { CyclePolicy } from './policy.ts';

export interface Admission {
  readonly admitted: readonly string[];
  /** Held back because capacity would fall below the floor. */
  readonly withheld: readonly string[];
}

/**
 * The last check before capacity leaves (safety rule C7): of these instances, in order, as many may be drained or
 * terminated as leave at least `floor` in service. One that is not in service takes no capacity with it.
 * `cluster` must show ordered drains as draining, see `asOurs`.
 */
export function admit(
  cluster: Cluster,
  instanceIds: readonly string[],
  floor: number,
  policy: CyclePolicy,
  now: number,
): Admission {
  const serving = new Set(cluster.instances.filter((one) => inService(one, policy, now)).map((one) => one.id));
  let left = serving.size;
  const admitted: string[] = [];
  const withheld: string[] = [];
  for (const id of instanceIds) {
    const cost = serving.has(id) ? 1 : 0;
    if (cost === 1 && left - cost < floor) {
      withheld.push(id);
      continue;
    }
    left -= cost;
    admitted.push(id);
  }
  return { admitted, withheld };
}
