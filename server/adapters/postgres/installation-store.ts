import { ACTIVE_STATES } from '../../domain/cycle/cycle-state.ts';
import { DomainError } from '../../domain/errors.ts';
import type { StoredInstallation } from '../../domain/installation/installation.ts';
import type { PrismaClient } from './generated/client.ts';
import { clusterRecord, environmentRecord } from './rows.ts';

/** As long as a file with very many changes may take. */
const ALONE_LIMIT_MS = 5 * 60_000;

/** All that is declared, and the turn of those who change it as a whole. */
export class PostgresInstallationStore {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async read(): Promise<StoredInstallation> {
    const environments = await this.#db.environment.findMany({ where: { removedAt: null }, orderBy: { name: 'asc' } });
    const clusters = await this.#db.cluster.findMany({
      where: { removedAt: null },
      orderBy: [{ environment: { name: 'asc' } }, { name: 'asc' }],
      include: { environment: { select: { name: true } }, _count: { select: { instances: true } } },
    });
    const cycles = await this.#db.cycle.findMany({
      where: { state: { in: [...ACTIVE_STATES] } },
      select: { clusterId: true },
    });
    const cycling = new Set(cycles.map(({ clusterId }) => clusterId));
    return {
      environments: environments.map((row) => {
        const { id, name, kind, settings, selfApproval, approvalsNeeded, maxActiveCycles } = environmentRecord(row);
        return { id, name, kind, settings, selfApproval, approvalsNeeded, maxActiveCycles };
      }),
      clusters: clusters.map(({ environment, _count, ...row }) => {
        const record = clusterRecord(row);
        const { id, name, environmentId, labels, spec, minSize, targetSize, maxSize, policy, drainTimeoutMs } = record;
        return {
          ...{ id, name, environmentId, labels, spec, minSize, targetSize, maxSize, policy, drainTimeoutMs },
          environment: environment.name,
          isCycling: cycling.has(id),
          instances: _count.instances,
        };
      }),
    };
  }

  /**
   * Works while nobody else in the installation does. Throws CONFLICT at once where somebody else does now: those who
   * would wait hold the connections that the work needs.
   */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#db.$transaction(
      async (tx) => {
        const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`
          SELECT pg_try_advisory_xact_lock(hashtextextended('roundhouse installation', 0)) AS taken`;
        if (lock?.taken !== true) {
          const message = 'another configuration is being applied; try again in a moment';
          throw new DomainError('CONFLICT', { kind: 'configuration', id: 'installation', message });
        }
        return work();
      },
      { timeout: ALONE_LIMIT_MS },
    );
  }
}
