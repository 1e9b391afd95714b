import type { Pool } from './pool.ts';

/**
 * The pools that the label `pool` of the nodes says, in the order in which they are first met. An empty label is no
 * label. Every node counts as available: what a machine does is not the labels' to know.
 * Source: grpc/test-infra `orch.FindPools`.
 */
export function findPools(
  nodes: readonly { readonly labels?: Readonly<Record<string, string>> | null }[],
): readonly Pool[] {
  const counts = new Map<string, number>();
  for (const { labels } of nodes) {
    const name = labels?.pool;
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Array.from(counts, ([name, count]) => ({ name, available: count, capacity: count }));
}
