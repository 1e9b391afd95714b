import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';

/** A worker turns many cycles at once; web answers many requests. PostgreSQL's default allows 100 connections in all. */
const CONNECTIONS = 12;

/** A busy moment makes a transaction wait for a connection or a row; that is no failure. */
const TRANSACTION = { maxWait: 10_000, timeout: 15_000 };

/** The product's database. `$disconnect()` closes its connections. */
export function createDatabase(url: string): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(poolConfig(url)), transactionOptions: TRANSACTION });
}

/** For what Prisma cannot say: LISTEN, advisory locks, a lease's clock. `end()` closes it. */
export function createPool(url: string): pg.Pool {
  // A statement that never answers must not hold up a lease until it is over.
  const pool = new pg.Pool({ ...poolConfig(url), query_timeout: 5_000 });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

function poolConfig(url: string): pg.PoolConfig {
  return {
    connectionString: url,
    application_name: 'roundhouse',
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
  };
}
