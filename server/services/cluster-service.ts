import type {
  ClusterListInput,
  ClusterRow,
  ClusterView,
  EnvironmentView,
  FleetSummary,
  Page,
} from '../contract/cluster.ts';
import type { Actor } from '../domain/activity/activity.ts';
import type { ClusterRecord, EnvironmentRecord, Fleet } from '../domain/cluster/fleet.ts';
import type { CyclePolicy } from '../domain/cycle/policy.ts';
import { DomainError } from '../domain/errors.ts';
import { canonical } from '../domain/instance/canonical.ts';
import type { Json } from '../domain/instance/plugin.ts';
import { newId } from './new-id.ts';
import { sha256 } from './sha256.ts';

export interface ClusterQueries {
  environments(): Promise<readonly EnvironmentView[]>;
  list(
    input: Required<Omit<ClusterListInput, 'environmentId' | 'cursor'>> &
      Pick<ClusterListInput, 'environmentId' | 'cursor'>,
  ): Promise<Page<ClusterRow>>;
  summary(): Promise<FleetSummary>;
  byId(clusterId: string): Promise<ClusterView>;
  /** Throws CLUSTER_UNKNOWN. */
  byName(environment: string, cluster: string): Promise<ClusterView>;
}

export interface Declaration {
  readonly environmentId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Json;
  readonly minSize: number;
  readonly targetSize: number;
  readonly maxSize: number;
  readonly policy: CyclePolicy | null;
  readonly drainTimeoutMs: number;
}

/** What whoever edits a cluster takes it to be. */
type Expected = Partial<Declaration> & { readonly isCycling?: false };

export interface ClusterCommands {
  /** Throws CONFLICT where the environment has a cluster of that name. */
  declare(
    cluster: Declaration & { readonly id: string; readonly config: string },
    actor: Actor,
    requestId: string,
  ): Promise<void>;
  /** Throws CONFLICT where what is declared is not what is expected, and CYCLE_ACTIVE where none is expected. */
  edit(
    clusterId: string,
    change: Partial<Omit<Declaration, 'environmentId' | 'name'>> & { readonly config?: string },
    actor: Actor,
    requestId: string | null,
    expected: Expected,
  ): Promise<void>;
  /** Throws CYCLE_ACTIVE, or CONFLICT where it still has instances and its environment is not disabled. */
  remove(clusterId: string, actor: Actor, requestId: string): Promise<void>;
}

export interface ClusterPorts {
  readonly queries: ClusterQueries;
  readonly commands: ClusterCommands;
  readonly fleet: Fleet;
  /** Throws INVALID_INPUT with the field `spec` where the back end could not use it. */
  readonly validateSpec: (environment: EnvironmentRecord, spec: Json) => void;
  readonly clock: () => number;
}

/** The fingerprint of a spec: instances that were started with another one are outdated. */
export function configOf(spec: Json): string {
  return sha256(canonical(spec)).slice(0, 16);
}

export class ClusterService {
  readonly #ports: ClusterPorts;

  constructor(ports: ClusterPorts) {
    this.#ports = ports;
  }

  environments(): Promise<readonly EnvironmentView[]> {
    return this.#ports.queries.environments();
  }

  list(input: Parameters<ClusterQueries['list']>[0]): Promise<Page<ClusterRow>> {
    return this.#ports.queries.list(input);
  }

  summary(): Promise<FleetSummary> {
    return this.#ports.queries.summary();
  }

  byName(environment: string, cluster: string): Promise<ClusterView> {
    return this.#ports.queries.byName(environment, cluster);
  }

  byId(clusterId: string): Promise<ClusterView> {
    return this.#ports.queries.byId(clusterId);
  }

  async declare(declaration: Declaration, actor: Actor, requestId: string): Promise<string> {
    const { fleet, commands, validateSpec, clock } = this.#ports;
    validateSpec(await fleet.environment(declaration.environmentId), declaration.spec);
    const id = newId('clu', clock());
    await commands.declare({ ...declaration, id, config: configOf(declaration.spec) }, actor, requestId);
    return id;
  }

  /**
   * A changed spec makes the instances outdated; nothing is replaced until a plan is approved. Throws CONFLICT where
   * what is declared is not what the caller takes it to be, and CYCLE_ACTIVE where the caller expects no active cycle.
   */
  async edit(
    clusterId: string,
    change: Partial<Omit<Declaration, 'environmentId' | 'name'>>,
    actor: Actor,
    requestId: string | null,
    expected: Expected = {},
  ): Promise<void> {
    const { fleet, commands, validateSpec } = this.#ports;
    const record = await fleet.cluster(clusterId);
    checkSizes({ ...record, ...defined(change) });
    if (change.spec !== undefined) validateSpec(await fleet.environment(record.environmentId), change.spec);
    const config = change.spec === undefined ? {} : { config: configOf(change.spec) };
    await commands.edit(clusterId, { ...change, ...config }, actor, requestId, expected);
  }

  remove(clusterId: string, actor: Actor, requestId: string): Promise<void> {
    return this.#ports.commands.remove(clusterId, actor, requestId);
  }
}

function checkSizes({ minSize, targetSize, maxSize }: Pick<ClusterRecord, 'minSize' | 'targetSize' | 'maxSize'>): void {
  const invalid = (field: string, message: string) => new DomainError('INVALID_INPUT', { field, message });
  if (minSize > maxSize) throw invalid('minSize', 'not above max');
  if (targetSize < minSize) throw invalid('targetSize', 'not below min');
  if (targetSize > maxSize) throw invalid('targetSize', 'not above max');
}

function defined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}
