import type { Cluster, Instance, Workload } from '../cluster/cluster.ts';

/** A machine that a reservation holds now. Epoch milliseconds. */
export interface Hold {
  readonly instanceId: string;
  readonly reservationId: string;
  /** Null where a person holds it. */
  readonly sessionId: string | null;
  /** The session's name, or what a person called the reservation. */
  readonly name: string;
  /** What runs, or will run, on this machine. */
  readonly component: string;
  readonly holderName: string;
  readonly purpose: string;
  readonly since: number;
}

/**
 * The cluster as cycles must see it: whoever holds a machine is a workload of it, and while somebody does it has not
 * drained, whatever the back end says of its own work. So it is terminated when it was given back, or when its drain
 * timeout speaks, and not before.
 */
export function withHolds(cluster: Cluster, holds: readonly Hold[]): Cluster {
  if (holds.length === 0) return cluster;
  const held = new Map(holds.map((hold) => [hold.instanceId, hold]));
  const instances = cluster.instances.map((instance) => {
    const hold = held.get(instance.id);
    return hold === undefined ? instance : carrying(instance, hold);
  });
  return { ...cluster, instances };
}

function carrying(instance: Instance, hold: Hold): Instance {
  const { reservationId, sessionId, since } = hold;
  const held: Workload = { name: holdInWords(hold), since, holder: { reservationId, sessionId } };
  // A session is one line; its components are told on its own page.
  const component = `${hold.component} of ${hold.name}`;
  const others = (instance.workloads ?? []).filter(({ name }) => sessionId === null || name !== component);
  return {
    ...instance,
    workloads: [held, ...others],
    state: instance.state === 'drained' ? 'draining' : instance.state,
  };
}

function holdInWords({ sessionId, name, holderName, purpose }: Hold): string {
  if (sessionId !== null) return `session ${name}`;
  return `reserved by ${holderName}${purpose === '' ? '' : `: ${purpose}`}`;
}
