import type { LogLineView, LogNews, LogRangeView, LogSearchView } from '../../contract/session.ts';
import { DomainError } from '../../domain/errors.ts';
import type { LogLine } from '../../domain/execution/controller.ts';
import { LOG_LEVELS, type LogLevel } from '../../domain/session/log-level.ts';
import { appendEvents, changed, currentSeq, type Database } from './event-log.ts';
import { Prisma, type PrismaClient } from './generated/client.ts';
import { milliseconds } from './rows.ts';

/**
 * Stores lines of one execution, in one statement however many, and tells the readers of `execution:<id>`. Lines that are
 * stored already stay as they are, so that it may be called again with them. Call it last in a transaction.
 */
export async function appendLog(
  tx: Database,
  executionId: string,
  lines: readonly (LogLine & { readonly level: LogLevel })[],
): Promise<void> {
  if (lines.length === 0) return;
  const appended = await tx.$executeRaw`
    insert into log_line (execution_id, line, at, stream, level, text)
    select ${executionId}, * from unnest(
      ${lines.map(({ line }) => line)}::int[],
      ${lines.map(({ at }) => new Date(at).toISOString())}::timestamptz[],
      ${lines.map(({ stream }) => stream)}::text[],
      ${lines.map(({ level }) => level)}::text[],
      ${lines.map(({ text }) => storable(text))}::text[]
    )
    on conflict (execution_id, line) do nothing`;
  if (appended === 0) return;
  const count = Math.max(...lines.map(({ line }) => line)) + 1;
  await tx.$executeRaw`update execution set log_lines = greatest(log_lines, ${count}) where id = ${executionId}`;
  await appendEvents(tx, [changed(`execution:${executionId}`, 'log')]);
}

/** PostgreSQL's text holds every character but NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}

/** Reads logs by ranges, by text and by time; never whole. All throw NOT_FOUND for an execution that is unknown. */
export class PostgresLogs {
  readonly #db: PrismaClient;

  constructor(db: PrismaClient) {
    this.#db = db;
  }

  /** The lines from number `from` on, or the last ones. */
  async range(executionId: string, from: number | null, limit: number): Promise<LogRangeView> {
    const seq = await currentSeq(this.#db, `execution:${executionId}`);
    const total = await this.total(executionId);
    const first = from ?? Math.max(0, total - limit);
    const [lines, earliest, latest] = await Promise.all([
      this.#db.logLine.findMany({
        where: { executionId, line: { gte: first, lt: first + limit } },
        orderBy: { line: 'asc' },
      }),
      this.#db.logLine.findFirst({ where: { executionId }, orderBy: { line: 'asc' }, select: { at: true } }),
      this.#db.logLine.findFirst({ where: { executionId }, orderBy: { line: 'desc' }, select: { at: true } }),
    ]);
    return {
      lines: lines.map(lineView),
      total,
      firstAt: milliseconds(earliest?.at ?? null),
      lastAt: milliseconds(latest?.at ?? null),
      seq,
    };
  }

  /**
   * Lines from number `from` on that contain the text, in any case, and are at least of the level. One answer looks at
   * `SEARCHED` lines at most, so an empty one with a `next` is no end.
   */
  async search({ executionId, text, level, from, limit }: LogSearch): Promise<LogSearchView> {
    const total = await this.total(executionId);
    const until = Math.min(total, from + SEARCHED);
    const levels = level === undefined ? Prisma.empty : Prisma.sql`and level = any(${atLeast(level)})`;
    const contains = text === '' ? Prisma.empty : Prisma.sql`and text ilike ${`%${escaped(text)}%`}`;
    const rows = await this.#db.$queryRaw<Row[]>`
      select line, at, stream, level, text from log_line
      where execution_id = ${executionId} and line >= ${from} and line < ${until} ${levels} ${contains}
      order by line limit ${limit}`;
    const last = rows.at(-1);
    const next = rows.length === limit && last !== undefined ? last.line + 1 : until;
    return { lines: rows.map(lineView), next: next < total ? next : null };
  }

  /** The number of the first line written at or after the time; the last line's where all are earlier; null = no lines. */
  async lineAt(executionId: string, at: number): Promise<number | null> {
    await this.total(executionId);
    const moment = new Date(at);
    const later = await this.#db.logLine.findFirst({
      where: { executionId, at: { gte: moment } },
      orderBy: [{ at: 'asc' }, { line: 'asc' }],
      select: { line: true },
    });
    const last =
      later ??
      (await this.#db.logLine.findFirst({ where: { executionId }, orderBy: { line: 'desc' }, select: { line: true } }));
    return last?.line ?? null;
  }

  /** Stored lines from number `from` on, at most `limit`; over = no more will come. */
  async following(executionId: string, from: number, limit: number): Promise<LogNews> {
    // Read before the lines: what is removed writes no more, so no line can come after the last that is read here.
    const execution = await this.#db.execution.findUnique({
      where: { id: executionId },
      select: { removedAt: true, logLines: true },
    });
    if (execution === null) throw unknown(executionId);
    const rows = await this.#db.logLine.findMany({
      where: { executionId, line: { gte: from } },
      orderBy: { line: 'asc' },
      take: limit,
    });
    const read = (rows.at(-1)?.line ?? from - 1) + 1;
    return { lines: rows.map(lineView), over: execution.removedAt !== null && read >= execution.logLines };
  }

  seq(executionId: string): Promise<string> {
    return currentSeq(this.#db, `execution:${executionId}`);
  }

  /** How many lines are stored. */
  async total(executionId: string): Promise<number> {
    const row = await this.#db.execution.findUnique({ where: { id: executionId }, select: { logLines: true } });
    if (row === null) throw unknown(executionId);
    return row.logLines;
  }
}

export interface LogSearch {
  readonly executionId: string;
  readonly text: string;
  readonly level?: LogLevel | undefined;
  readonly from: number;
  readonly limit: number;
}

/** How many lines one search looks at, so that a text that is nowhere in a long log costs no reader much. */
const SEARCHED = 200_000;

interface Row {
  readonly line: number;
  readonly at: Date;
  readonly stream: string;
  readonly level: string;
  readonly text: string;
}

function lineView({ line, at, stream, level, text }: Row): LogLineView {
  return { line, at: at.getTime(), stream: stream as LogLine['stream'], level: level as LogLevel, text };
}

function atLeast(level: LogLevel): readonly LogLevel[] {
  return LOG_LEVELS.slice(LOG_LEVELS.indexOf(level));
}

/** As it stands, in a pattern of LIKE. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function unknown(executionId: string): DomainError {
  return new DomainError('NOT_FOUND', { kind: 'execution', id: executionId });
}
