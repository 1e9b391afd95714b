import type {
  FleetPreviewEnvironment,
  FleetPreviewRow,
  FleetPreviewView,
  PlanCreated,
} from '../contract/fleet-plan.ts';
import type { Viewer } from '../contract/people.ts';
import { fingerprint } from '../domain/approval/fingerprint.ts';
import { fleetDuration } from '../domain/approval/fleet-duration.ts';
import type { PlanBody } from '../domain/approval/plan.ts';
import type { EnvironmentRecord, Fleet } from '../domain/cluster/fleet.ts';
import type { DecisionKind } from '../domain/cycle/explain.ts';
import { isDomainError } from '../domain/errors.ts';
import { inParallel } from './in-parallel.ts';
import type { PlanService } from './plan-service.ts';
import { sha256 } from './sha256.ts';

export interface FleetPlanPorts {
  readonly plans: PlanService;
  readonly fleet: Fleet;
  /** The ids of the clusters that a filter matches, by name, at most `limit`; and how many there are in all. */
  readonly matching: (q: string, limit: number) => Promise<{ readonly ids: readonly string[]; readonly total: number }>;
  /** How many places of an environment are taken. */
  readonly placesTaken: (environmentId: string) => Promise<number>;
}

/** Each dry run asks the database seven times: more at once would only wait for connections. */
const PREVIEWS_AT_ONCE = 6;

/** Each writes the same streams, whose rows are locked. */
const PLANS_AT_ONCE = 3;

const MOST_CLUSTERS = 100;

/** Previews and plans of many clusters. Each cluster stands for itself: what fails for one is nothing to the others. */
export class FleetPlanService {
  readonly #ports: FleetPlanPorts;

  constructor(ports: FleetPlanPorts) {
    this.#ports = ports;
  }

  /** The dry runs with what each cluster stores. It reads stored facts, takes no lock and writes nothing. */
  async preview(
    input: { readonly clusterIds: readonly string[]; readonly q: string },
    signal: AbortSignal,
  ): Promise<FleetPreviewView> {
    const { plans, matching } = this.#ports;
    const began = performance.now();
    const asked = [...new Set(input.clusterIds)];
    const { ids, total } =
      asked.length > 0 ? { ids: asked, total: asked.length } : await matching(input.q, MOST_CLUSTERS);
    await plans.freshenMany(ids, signal);
    const found = await inParallel(ids, PREVIEWS_AT_ONCE, (id) => this.#row(id));
    const rows = found.filter((row) => row !== null);
    return {
      rows,
      environments: await this.#environments(rows.filter(canBePlanned)),
      matching: total,
      missing: ids.filter((_, index) => found[index] === null),
      computedInMs: Math.round(performance.now() - began),
    };
  }

  /** Makes each plan as `PlanService.create` makes one, and says of each what became of it. */
  async create(
    input: {
      readonly plans: readonly {
        readonly clusterId: string;
        readonly fingerprint: string;
        readonly ticked: readonly string[];
      }[];
      readonly comment: string;
    },
    author: Viewer,
    requestId: string,
  ): Promise<PlanCreated[]> {
    const once = [...new Map(input.plans.map((plan) => [plan.clusterId, plan])).values()];
    return inParallel(once, PLANS_AT_ONCE, async ({ clusterId, fingerprint, ticked }): Promise<PlanCreated> => {
      try {
        const asked = { clusterId, knobs: {}, fingerprint, ticked, comment: input.comment };
        return { clusterId, planId: await this.#ports.plans.create(asked, author, requestId) };
      } catch (error) {
        const failure = isDomainError(error) ? { code: error.code, details: error.details } : null;
        return { clusterId, planId: null, failure };
      }
    });
  }

  /** null where there is no such cluster. */
  async #row(clusterId: string): Promise<FleetPreviewRow | null> {
    try {
      return fleetRow(await this.#ports.plans.dryRun(clusterId, {}));
    } catch (error) {
      if (isDomainError(error) && error.code === 'CLUSTER_UNKNOWN') return null;
      throw error;
    }
  }

  async #environments(rows: readonly FleetPreviewRow[]): Promise<FleetPreviewEnvironment[]> {
    const { fleet, placesTaken } = this.#ports;
    const ids = [...new Set(rows.map((row) => row.environmentId))];
    return Promise.all(
      ids.map(async (id) => {
        const [environment, taken] = await Promise.all([fleet.environment(id), placesTaken(id)]);
        return environmentOf(
          environment,
          taken,
          rows.filter((row) => row.environmentId === id),
        );
      }),
    );
  }
}

function canBePlanned(row: FleetPreviewRow): boolean {
  return row.checks.every((check) => check.level !== 'blocker');
}

function environmentOf(
  { id, name, maxActiveCycles, approvalsNeeded, selfApproval }: EnvironmentRecord,
  taken: number,
  rows: readonly FleetPreviewRow[],
): FleetPreviewEnvironment {
  const together = (key: 'p50' | 'p90') =>
    fleetDuration(
      rows.map((row) => row.durationMs[key]),
      maxActiveCycles,
    );
  return {
    id,
    name,
    places: maxActiveCycles,
    taken,
    approvalsNeeded,
    selfApproval,
    clusters: rows.length,
    durationMs: { p50: together('p50'), p90: together('p90') },
  };
}

function fleetRow(body: PlanBody): FleetPreviewRow {
  const { cluster, environment, forecast, basis } = body;
  const decisions: Partial<Record<DecisionKind, number>> = {};
  for (const { kind } of body.explanation.decisions) decisions[kind] = (decisions[kind] ?? 0) + 1;
  return {
    clusterId: cluster.id,
    clusterName: cluster.name,
    environmentId: environment.id,
    environmentName: environment.name,
    fingerprint: fingerprint(basis, sha256),
    sentence: body.sentence,
    decisions,
    instances: cluster.instances.length,
    terminations: basis.touched.length,
    waves: forecast.waves.length,
    durationMs: forecast.durationMs,
    lowest: forecast.lowest.inService,
    floor: body.floor,
    checks: body.checks.map(({ id, level, sentence, source }) => ({ id, level, sentence, source })),
    observedAt: body.observedAt,
  };
}
