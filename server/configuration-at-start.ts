import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { readConfigurationFile } from './adapters/configuration-file.ts';
import type { InstallationResult } from './contract/installation.ts';
import { problemLines, readInstallation } from './contract/roundhouse-yaml.ts';
import { isDomainError } from './domain/errors.ts';
import { EnvError } from './env.ts';
import type { InstallationService } from './services/installation-service.ts';

/** The text of the file, or null without one. Throws an `EnvError` with everything that is wrong with it. */
export async function checkedConfiguration(path: string | null): Promise<string | null> {
  if (path === null) return null;
  const { text, failure } = await readConfigurationFile(path);
  if (text === null) throw new EnvError(`ROUNDHOUSE_CONFIG: ${failure}.`);
  const { problems } = readInstallation(text);
  if (problems.length === 0) return text;
  throw new EnvError(problemLines(path, problems).join('\n'));
}

const ACTOR = { id: null, name: 'roundhouse.yaml at start' };

/** While another worker applies its file: it has to be done before this one finds nothing more to change. */
const ASK_AGAIN_MS = 250;

/** Applies the file and says each change in the log. What fails is for a person: the worker has a fleet to look after. */
export async function applyConfiguration(
  installation: Pick<InstallationService, 'applyUnseen'>,
  text: string,
  log: Pick<Logger, 'info' | 'warn' | 'error'>,
): Promise<void> {
  const results = await inTurn(() => installation.applyUnseen(text, ACTOR, 'start'));
  if (results.length === 0) log.info('the configuration changes nothing');
  for (const { sentence, outcome, held, failure, fields } of results) {
    // Without their values: what is stored may hold a secret that the file may not.
    const facts = { outcome, fields: fields.map(({ path }) => path) };
    if (outcome === 'done') log.info(facts, sentence);
    else if (outcome === 'failed') log.error({ ...facts, failure }, `failed: ${sentence}`);
    else log.warn({ ...facts, held }, `${WORDS[outcome]}: ${sentence}`);
  }
}

const WORDS = { held: 'held', 'not-tried': 'not tried' } satisfies Record<
  Exclude<InstallationResult['outcome'], 'done' | 'failed'>,
  string
>;

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'CONFLICT') throw error;
      await delay(ASK_AGAIN_MS);
    }
  }
}
