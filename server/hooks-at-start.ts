import { readConfigurationFile } from './adapters/configuration-file.ts';
import { type HookRules, hooksSchema } from './contract/hooks.ts';
import { readYaml } from './contract/read-yaml.ts';
import { problemLines } from './contract/roundhouse-yaml.ts';
import { EnvError } from './env.ts';

/** What the file lets hooks do; nothing without one. Throws an `EnvError` with everything that is wrong with it. */
export async function checkedHooks(path: string | null): Promise<HookRules> {
  if (path === null) return hooksSchema.parse({});
  const { text, failure } = await readConfigurationFile(path);
  if (text === null) throw new EnvError(`ROUNDHOUSE_HOOKS: ${failure}.`);
  const { value, problems } = readYaml(text, hooksSchema);
  if (value === null) throw new EnvError(problemLines(path, problems).join('\n'));
  return value;
}
