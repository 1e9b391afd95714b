import type { Workload } from '@/server/domain/cluster/cluster.ts';

/** Those of its workloads that are one of our sessions or reservations. */
export function holders({ workloads = [] }: { readonly workloads?: readonly Workload[] }): readonly Workload[] {
  return workloads.filter(({ holder }) => holder !== undefined);
}

/** The page of whoever holds the machine; null for work of the back end's own. */
export function holderHref({ holder }: Workload): string | null {
  if (holder === undefined) return null;
  if (holder.sessionId !== null) return `/sessions/${encodeURIComponent(holder.sessionId)}`;
  return `/reservations?q=${encodeURIComponent(holder.reservationId)}`;
}
