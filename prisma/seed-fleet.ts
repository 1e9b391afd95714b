import { draw, drawBetween } from '../server/adapters/plugins/simulator/draw.ts';
import type { SeedGroup } from '../server/adapters/plugins/simulator/seed-cluster.ts';
import type { Json } from '../server/domain/instance/plugin.ts';
import { configOf } from '../server/services/cluster-service.ts';

/** One cluster of the large fleet, as it is drawn from its name: the same in every installation but for the present moment. */
export interface FleetCluster {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly size: number;
  /** Oldest first; the last is declared now. */
  readonly specs: readonly Json[];
  /** When each of them was declared, epoch milliseconds. */
  readonly declaredMs: readonly number[];
  readonly groups: readonly SeedGroup[];
}

interface Service {
  readonly name: string;
  readonly team: string;
  readonly tier: 'front' | 'core' | 'data' | 'batch';
  readonly size: number;
}

/** Forty clusters, two thousand instances: most are of 8 to 70, and a few are large. */
const SERVICES: readonly Service[] = [
  ...team('storefront', [
    ['storefront-web', 'front', 140],
    ['product-pages', 'front', 64],
    ['cart', 'core', 40],
    ['catalogue', 'core', 48],
    ['recommendations', 'data', 56],
    ['reviews', 'core', 16],
    ['images', 'front', 36],
  ]),
  ...team('payments', [
    ['payments-api', 'core', 60],
    ['ledger', 'data', 24],
    ['fraud-scoring', 'data', 44],
    ['invoices', 'batch', 12],
    ['payouts', 'batch', 10],
  ]),
  ...team('search', [
    ['search-query', 'core', 200],
    ['search-index', 'data', 120],
    ['autocomplete', 'front', 28],
    ['synonyms', 'batch', 8],
  ]),
  ...team('platform', [
    ['api-gateway', 'front', 70],
    ['identity', 'core', 32],
    ['feature-flags', 'core', 12],
    ['config-service', 'core', 9],
    ['event-bus', 'data', 54],
    ['rate-limiter', 'core', 18],
    ['build-agents', 'batch', 66],
    ['service-proxy', 'front', 42],
  ]),
  ...team('data', [
    ['stream-workers', 'data', 320],
    ['warehouse-loader', 'batch', 30],
    ['feature-store', 'data', 38],
    ['metrics-store', 'data', 46],
    ['query-runners', 'batch', 34],
    ['exports', 'batch', 14],
    ['sampling', 'batch', 8],
  ]),
  ...team('messaging', [
    ['mail-sender', 'core', 26],
    ['push-sender', 'core', 22],
    ['chat-sockets', 'front', 52],
    ['templates', 'core', 8],
    ['delivery-log', 'data', 20],
  ]),
  ...team('logistics', [
    ['routing', 'core', 58],
    ['warehouse-api', 'core', 31],
    ['tracking', 'front', 45],
    ['label-printing', 'batch', 39],
  ]),
];

function team(name: string, services: readonly (readonly [string, Service['tier'], number])[]): readonly Service[] {
  return services.map(([service, tier, size]) => ({ name: service, team: name, tier, size }));
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of this share of the clusters nothing is outdated. */
const CURRENT_SHARE = 0.35;
/** Of the outdated clusters this share has been left behind twice. */
const TWICE_BEHIND_SHARE = 0.3;
/** Of one cluster in so many an instance drains and does not get done. */
const STUCK_SHARE = 0.15;

/** The large fleet as it is at `now`. */
export function fleetClusters(now: number): readonly FleetCluster[] {
  return SERVICES.map((service) => fleetCluster(service, now));
}

function fleetCluster({ name, team, tier, size }: Service, now: number): FleetCluster {
  const chance = (what: string) => draw('fleet', name, what);
  const between = (least: number, most: number, what: string) => drawBetween([least, most], 'fleet', name, what);
  const isCurrent = chance('current') < CURRENT_SHARE;
  const outdated = isCurrent ? 0 : Math.max(1, Math.round(size * chance('outdated')));
  const oldest = chance('twice') < TWICE_BEHIND_SHARE ? Math.floor(outdated / 3) : 0;
  const driftMs = between(0, 1, 'new') === 0 ? between(2, 60, 'hours') * HOUR_MS : between(3, 75, 'days') * DAY_MS;

  const major = between(1, 9, 'major');
  const minor = between(0, 30, 'minor');
  const spec = (step: number) => ({
    image: `registry.example/${name}:${major}.${minor + step}.0`,
    instanceType: tier === 'data' ? 'r7g.2xlarge' : tier === 'batch' ? 'c7g.large' : 'm7g.xlarge',
  });
  const specs = isCurrent ? [spec(0)] : oldest > 0 ? [spec(0), spec(1), spec(2)] : [spec(0), spec(1)];
  const declaredMs = specs.map((_, index) => now - driftMs - (specs.length - 1 - index) * 30 * DAY_MS);
  const present = specs.length - 1;

  const special = specialGroups(Math.max(outdated - oldest, size - outdated), chance);
  const takenFrom = outdated - oldest >= size - outdated ? 'old' : 'present';
  const taken = special.reduce((sum, { count }) => sum + count, 0);
  const group = (version: number, count: number, condition: Pick<SeedGroup, 'condition' | 'protection'>): SeedGroup => {
    const config = configOf(specs[version] ?? null);
    const age = version === present ? ([10 * 60_000, driftMs] as const) : ([driftMs, driftMs + 30 * DAY_MS] as const);
    return { count, config, spec: specs[version] ?? null, ageMs: age, ...condition };
  };
  const groups = [
    group(0, oldest, { condition: 'healthy' }),
    group(Math.max(0, present - 1), outdated - oldest - (takenFrom === 'old' ? taken : 0), { condition: 'healthy' }),
    group(present, size - outdated - (takenFrom === 'present' ? taken : 0), { condition: 'healthy' }),
    ...special.map(({ count, ...rest }) =>
      group(takenFrom === 'old' ? Math.max(0, present - 1) : present, count, rest),
    ),
  ].filter(({ count }) => count > 0);
  return { name, labels: { team, tier, service: name }, size, specs, declaredMs, groups };
}

/** The few of a cluster that are not as the others, taken from `available` alike ones. */
function specialGroups(
  available: number,
  chance: (what: string) => number,
): readonly Pick<SeedGroup, 'count' | 'condition' | 'protection'>[] {
  const some = (what: string, share: number) =>
    chance(what) < share ? Math.max(1, Math.floor(available * 0.03 * chance(`${what}-count`))) : 0;
  return [
    { count: some('sick', 0.3), condition: 'unhealthy' as const },
    { count: some('protected', 0.35), condition: 'healthy' as const, protection: 'protected' as const },
    { count: some('standby', 0.15), condition: 'healthy' as const, protection: 'standby' as const },
    { count: some('stuck', STUCK_SHARE), condition: 'stuck-drain' as const },
  ].filter(({ count }) => count > 0);
}
