import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

/** What the engine wants to know about tables that are not ours. There are none. */
export const NO_FILTERS = { externalTables: [], externalEnums: [] };

let instantiated: Promise<void> | undefined;

/**
 * Prisma's schema engine as WebAssembly, over any driver adapter, so that nothing is ever downloaded. The caller must
 * `free()` it. It is instantiated by hand because the package's own entry imports a `.wasm` file, which Node 20 refuses.
 */
export async function createSchemaEngine(
  adapter: SqlMigrationAwareDriverAdapterFactory,
): Promise<bindings.SchemaEngine> {
  instantiated ??= instantiate();
  await instantiated;
  return bindings.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
}

async function instantiate(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = await readFile(join(dirname(entry), 'schema_engine_bg.wasm'));
  const imports = Object.fromEntries(Object.entries(bindings).flatMap(asImport));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': imports });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
}

function asImport([name, value]: [string, unknown]): [string, WebAssembly.ImportValue][] {
  if (typeof value !== 'function') return [];
  if (name.startsWith('__wbg_setTimeout')) return [[name, setBackgroundTimer]];
  return [[name, (...given: unknown[]) => Reflect.apply(value, undefined, given)]];
}

/** The engine forgets the ten-second timer of its own lock: it must not keep the process alive. */
function setBackgroundTimer(callback: () => void, ms: number): NodeJS.Timeout {
  return setTimeout(callback, ms).unref();
}
