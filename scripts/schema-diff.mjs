import { createSchemaEngine, NO_FILTERS } from '../server/adapters/postgres/schema-engine.ts';

/** The SQL that leads from one Prisma schema (null: an empty database) to another; empty when there is none. */
export async function diffSchemas(before, after) {
  const engine = await createSchemaEngine(noDatabase);
  try {
    const { stdout } = await engine.diff({
      from: before === null ? { tag: 'empty' } : datamodel(before),
      to: datamodel(after),
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    return stdout.includes('This is an empty migration') ? '' : stdout;
  } finally {
    engine.free();
  }
}

function datamodel(content) {
  return { tag: 'schemaDatamodel', files: [{ path: 'prisma/schema.prisma', content }] };
}

// The engine connects before it knows that a comparison of two texts needs no database: it gets one that answers nothing.
const nothing = { columnNames: [], columnTypes: [], rows: [] };
const connection = {
  provider: 'postgres',
  adapterName: 'no-database',
  queryRaw: async () => nothing,
  executeRaw: async () => 0,
  executeScript: async () => undefined,
  getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: false }),
  dispose: async () => undefined,
};
const noDatabase = {
  provider: 'postgres',
  adapterName: 'no-database',
  connect: async () => connection,
  connectToShadowDb: async () => connection,
};
