// npm run config -- check <file>: whether a roundhouse.yaml is right; needs no database.
// npm run config -- export: the current state as a roundhouse.yaml, from the database of DATABASE_URL.
import './check-node.mjs';
import { readFile } from 'node:fs/promises';
import { Refusal, run } from './refusal.mjs';
import { understandTypeScript } from './typescript.mjs';

const [command, file] = process.argv.slice(2);

run(async () => {
  await understandTypeScript();
  if (command === 'check' && file !== undefined) await check(file);
  else if (command === 'export' && file === undefined) await exportStored();
  else throw new Refusal('Say what to do: npm run config -- check roundhouse.yaml, or npm run config -- export');
});

async function check(name) {
  const text = await readFile(name, 'utf8').catch((error) => {
    throw new Refusal(`${name} cannot be read: ${error.message}`);
  });
  const { problemLines, readInstallation } = await import('../server/contract/roundhouse-yaml.ts');
  const { installation, problems } = readInstallation(text);
  if (installation === null) throw new Refusal(problemLines(name, problems).join('\n'));
  const { environments, clusters, absent } = installation;
  console.log(
    `${name}: ${environments.length} environments, ${clusters.length} clusters, ${absent.length} to be absent`,
  );
}

async function exportStored() {
  const { parseEnv } = await import('../server/env.ts');
  const { composeInstallation } = await import('../server/compose.ts');
  const { createDatabase } = await import('../server/adapters/postgres/database.ts');
  const { databaseUrl, localMachines } = parseEnv();
  if (databaseUrl === null) {
    throw new Refusal('DATABASE_URL is not set. With the embedded database, download the file under /settings/config.');
  }
  const database = createDatabase(databaseUrl);
  const settings = { database, localMachines, configFile: null, hosts: async () => [], clock: Date.now };
  try {
    process.stdout.write((await composeInstallation(settings).export()).text);
  } finally {
    await database.$disconnect();
  }
}
