import {
  changeOf,
  type InstanceChange,
  type InstancesPatch,
  MAX_PATCHED,
  type ObservedInstance,
  patchedCount,
} from '../../contract/instances-patch.ts';
import type { Instance } from '../../domain/cluster/cluster.ts';
import type { NewEvent } from './event-log.ts';
import type { Instance as InstanceRow, Prisma } from './generated/client.ts';
import { instanceFacts } from './rows.ts';

/** What a read has changed of what is stored of a cluster. */
export interface FactsChange {
  readonly clusterId: string;
  /** How many instances it has now. */
  readonly size: number;
  readonly added: readonly Sight[];
  readonly changed: readonly { readonly before: InstanceRow; readonly after: Sight }[];
  readonly gone: readonly string[];
}

/** An instance as it is stored. */
interface Sight {
  readonly facts: Instance;
  readonly stateSince: Date;
  readonly seenAt: Date;
}

/** For each cluster the event that says what changed; `observedAt` is what is stored as the time of the read. */
export async function factsEvents(
  tx: Prisma.TransactionClient,
  changes: readonly FactsChange[],
  observedAt: number,
): Promise<NewEvent[]> {
  const rows = await tx.clusterConfig.findMany({
    where: { clusterId: { in: changes.map(({ clusterId }) => clusterId) } },
    select: { clusterId: true, config: true, version: true },
  });
  return changes.map((change) => {
    const { clusterId, size } = change;
    const own = rows.filter((row) => row.clusterId === clusterId);
    const patch = patchOf(change, new Map(own.map(({ config, version }) => [config, version])));
    const body = { what: 'facts', observedAt, rows: size };
    return {
      stream: `cluster:${clusterId}`,
      kind: 'changed',
      body: patchedCount(patch) > MAX_PATCHED ? body : { ...body, patch },
    };
  });
}

function patchOf({ added, changed, gone }: FactsChange, versions: ReadonlyMap<string, number>): InstancesPatch {
  return {
    added: added.map((sight) => observed(sight, versions)),
    changed: changed.map(
      ({ before, after }): InstanceChange =>
        changeOf(observed({ ...before, facts: instanceFacts(before) }, versions), observed(after, versions)),
    ),
    gone,
  };
}

function observed({ facts, stateSince, seenAt }: Sight, versions: ReadonlyMap<string, number>): ObservedInstance {
  const { id, state, config, createdAt, updatedAt, workloads = [] } = facts;
  const { health = null, healthySince = null, zone = null, protection = null, closed = false, token = null } = facts;
  return {
    ...{ id, state, config, createdAt, updatedAt, health, zone, protection, closed, token },
    workloads: workloads.map(({ name, since, holder }) => ({
      name,
      since,
      ...(holder === undefined ? {} : { holder }),
    })),
    healthySince: health === null ? null : healthySince,
    stateSince: stateSince.getTime(),
    version: versions.get(config) ?? null,
    seenAt: seenAt.getTime(),
  };
}
