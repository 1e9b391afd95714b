import type {
  FoundCluster,
  FoundCycle,
  FoundInstance,
  FoundPlan,
  FoundPool,
  FoundSession,
  SearchResults,
} from '../../contract/search.ts';
import { ACTIVE_STATES, type CycleState } from '../../domain/cycle/cycle-state.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';

/** Of each kind. */
const FOUND_SHOWN = 6;
/** Of what grows without end the newest are looked through; an older one is found by its whole id. */
const NEWEST = 2_000;
const MAX_WORDS = 5;

const active = [...ACTIVE_STATES];

export class PostgresSearch {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** Whatever has each of the words in its name or its id; an instance has all of them in its id. */
  async find(q: string): Promise<SearchResults> {
    const asked: Asked = { id: q, text: q.toLowerCase(), words: q.toLowerCase().split(/\s+/).slice(0, MAX_WORDS) };
    const [clusters, cycles, plans, pools, sessions, instances] = await Promise.all([
      this.#clusters(asked),
      this.#cycles(asked),
      this.#plans(asked),
      this.#pools(asked),
      this.#sessions(asked),
      this.#instances(asked),
    ]);
    return { clusters, cycles, plans, pools, sessions, instances };
  }

  async #clusters(asked: Asked): Promise<FoundCluster[]> {
    const rows = await this.#db.$queryRaw<
      (Omit<FoundCluster, 'activeCycle'> & { cycleId: string | null; cycleState: CycleState | null })[]
    >`
      SELECT c.id, e.name AS "environmentName", c.name, y.id AS "cycleId", y.state AS "cycleState",
        (SELECT count(*)::int FROM instance i WHERE i.cluster_id = c.id) AS instances
      FROM cluster c JOIN environment e ON e.id = c.environment_id
        LEFT JOIN cycle y ON y.cluster_id = c.id AND y.state = ANY(${active})
      WHERE c.removed_at IS NULL AND (c.id = ${asked.id} OR ${has(Prisma.sql`e.name || '/' || c.name`, asked)})
      ORDER BY ${nearest(Prisma.sql`c.name`, asked)}, e.name, c.name LIMIT ${FOUND_SHOWN}`;
    return rows.map(({ cycleId, cycleState, ...cluster }) => ({
      ...cluster,
      activeCycle: cycleId === null || cycleState === null ? null : { id: cycleId, state: cycleState },
    }));
  }

  /** Those that go on before those that have ended, the newest first. */
  #cycles(asked: Asked): Promise<FoundCycle[]> {
    return this.#db.$queryRaw<FoundCycle[]>`
      SELECT y.id, e.name AS "environmentName", c.name AS "clusterName", y.state
      FROM cycle y JOIN cluster c ON c.id = y.cluster_id JOIN environment e ON e.id = c.environment_id
      WHERE y.id = ${asked.id} OR (${isNew(Prisma.sql`cycle`, Prisma.sql`y`)}
        AND ${has(Prisma.sql`e.name || '/' || c.name || ' ' || y.id`, asked)})
      ORDER BY y.state = ANY(${active}) DESC, y.id DESC LIMIT ${FOUND_SHOWN}`;
  }

  /** Those that wait for an approval first, then the newest. */
  #plans(asked: Asked): Promise<FoundPlan[]> {
    return this.#db.$queryRaw<FoundPlan[]>`
      SELECT p.id, e.name AS "environmentName", c.name AS "clusterName",
        CASE WHEN p.state = 'awaiting-approval' AND p.expires_at <= now() THEN 'expired' ELSE p.state END AS state
      FROM plan p JOIN cluster c ON c.id = p.cluster_id JOIN environment e ON e.id = c.environment_id
      WHERE p.id = ${asked.id} OR (${isNew(Prisma.sql`plan`, Prisma.sql`p`)}
        AND ${has(Prisma.sql`e.name || '/' || c.name || ' ' || p.id`, asked)})
      ORDER BY p.state = 'awaiting-approval' AND p.expires_at > now() DESC, p.id DESC LIMIT ${FOUND_SHOWN}`;
  }

  #pools(asked: Asked): Promise<FoundPool[]> {
    return this.#db.$queryRaw<FoundPool[]>`
      SELECT name, paused_at IS NOT NULL AS paused FROM pool p
      WHERE ${has(Prisma.sql`p.name`, asked)}
      ORDER BY ${nearest(Prisma.sql`p.name`, asked)}, p.name LIMIT ${FOUND_SHOWN}`;
  }

  #sessions(asked: Asked): Promise<FoundSession[]> {
    return this.#db.$queryRaw<FoundSession[]>`
      SELECT s.id, s.name, s.owner_name AS "ownerName", coalesce(s.outcome, s.state) AS state FROM session s
      WHERE s.id = ${asked.id} OR (${isNew(Prisma.sql`session`, Prisma.sql`s`)}
        AND ${has(Prisma.sql`s.name || ' ' || s.id`, asked)})
      ORDER BY s.id DESC LIMIT ${FOUND_SHOWN}`;
  }

  #instances(asked: Asked): Promise<FoundInstance[]> {
    return this.#db.$queryRaw<FoundInstance[]>`
      SELECT i.id, e.name AS "environmentName", c.name AS "clusterName", i.state
      FROM instance i JOIN cluster c ON c.id = i.cluster_id JOIN environment e ON e.id = c.environment_id
      WHERE c.removed_at IS NULL AND ${has(Prisma.sql`i.id`, asked)}
      ORDER BY ${nearest(Prisma.sql`i.id`, asked)}, i.id COLLATE "C" LIMIT ${FOUND_SHOWN}`;
  }
}

interface Asked {
  /** As it was written: ids tell large letters from small ones. */
  readonly id: string;
  readonly text: string;
  readonly words: readonly string[];
}

/** `strpos` and not `LIKE`: no letter of what was typed has a meaning of its own. */
function has(text: Prisma.Sql, { words }: Asked): Prisma.Sql {
  return Prisma.join(
    words.map((word) => Prisma.sql`strpos(lower(${text}), ${word}) > 0`),
    ' AND ',
  );
}

/** The name that was asked for, then those that begin with it, then the others. */
function nearest(name: Prisma.Sql, { text }: Asked): Prisma.Sql {
  return Prisma.sql`lower(${name}) = ${text} DESC, starts_with(lower(${name}), ${text}) DESC`;
}

/** Ids sort by the time they were given. */
function isNew(table: Prisma.Sql, alias: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${alias}.id IN (SELECT id FROM ${table} ORDER BY id DESC LIMIT ${NEWEST})`;
}
