import type { ConnectionTest } from '../../contract/environment.ts';
import type { Finding } from '../../domain/instance/connection.ts';
import type { Json } from '../../domain/instance/plugin.ts';
import { CHANNEL } from './event-log.ts';
import type { Prisma, PrismaClient } from './generated/client.ts';

/** Nobody waits longer for the answer. */
const WANTED_MS = 20_000;
const KEPT_MS = 10 * 60_000;

/** Named in a notification, tells workers that somebody waits for a test. */
export const CONNECTION_TESTS = 'connection-tests';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly settings: Json;
  readonly hostId: string | null;
}

/** How web has a worker try a back end: only workers reach them. */
export class PostgresConnectionTests {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  async ask({ id, name, kind, settings, hostId }: ConnectionTest): Promise<void> {
    await this.#db.connectionTest.deleteMany({ where: { askedAt: { lt: new Date(Date.now() - KEPT_MS) } } });
    await this.#db.connectionTest.create({
      data: { id, name, kind, hostId, settings: settings as Prisma.InputJsonValue },
    });
    await this.#db.$queryRaw`SELECT pg_notify(${CHANNEL}, ${CONNECTION_TESTS})::text`;
  }

  async standing(id: string) {
    const row = await this.#db.connectionTest.findUnique({ where: { id } });
    return {
      isTaken: row?.takenAt != null,
      findings: row?.findings == null ? null : (row.findings as unknown as readonly Finding[]),
    };
  }

  /** The one that has waited longest and that this host may carry out; no other worker gets it. */
  async take(hostId: string): Promise<ConnectionTest | null> {
    const [row] = await this.#db.$queryRaw<Row[]>`
      UPDATE connection_test SET taken_at = clock_timestamp()
      WHERE id = (
        SELECT id FROM connection_test
        WHERE taken_at IS NULL AND (host_id IS NULL OR host_id = ${hostId})
          AND asked_at > clock_timestamp() - ${WANTED_MS} * interval '1 ms'
        ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, name, kind, settings, host_id AS "hostId"`;
    return row ?? null;
  }

  async answer(id: string, findings: readonly Finding[]): Promise<void> {
    await this.#db.connectionTest.updateMany({
      where: { id },
      data: { findings: findings as unknown as Prisma.InputJsonValue },
    });
  }
}
