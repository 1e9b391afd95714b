import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DockerSettings } from '../../../contract/docker-settings.ts';
import { namedSecret } from '../../../contract/secret-reference.ts';
import { isDomainError } from '../../../domain/errors.ts';
import type { Engine } from './engine.ts';

type Tls = NonNullable<DockerSettings['tls']>;
type Setting = keyof Tls;

/** What TLS with an engine stands on, each as PEM. */
export type Certificates = Readonly<Record<Setting, string>>;

/** The texts of these secrets of the console, by name; those that are missing are left out. */
export type SecretTexts = (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;

const OPERATION = 'read a certificate';
const SETTINGS = ['ca', 'cert', 'key'] as const satisfies readonly Setting[];
const NEEDED: Readonly<Record<Setting, string>> = {
  ca: 'certificate as PEM',
  cert: 'certificate as PEM',
  key: 'private key as PEM without a passphrase',
};

/**
 * Reads the files and secrets that the settings name. Throws ENVIRONMENT_REFUSED, which says what is wrong with which of
 * them and never what is in it, and ENVIRONMENT_UNAVAILABLE where the secrets cannot be read now.
 */
export async function readCertificates(engine: Engine, tls: Tls, secretTexts: SecretTexts): Promise<Certificates> {
  const secrets = await secretsOf(engine, tls, secretTexts);
  const read = async (setting: Setting) => {
    const name = namedSecret(tls[setting]);
    const text = name === null ? await fileText(engine, tls[setting]) : (secrets.get(name) ?? '');
    if (isNeededFor(setting, text)) return text;
    const what = name === null ? `The file ${tls[setting]}` : `The secret ${name}`;
    throw engine.refused(OPERATION, `${what}, which tls.${setting} names, holds no ${NEEDED[setting]}: set it right.`);
  };
  return { ca: await read('ca'), cert: await read('cert'), key: await read('key') };
}

async function secretsOf(engine: Engine, tls: Tls, secretTexts: SecretTexts): ReturnType<SecretTexts> {
  const named = SETTINGS.flatMap((setting) => {
    const name = namedSecret(tls[setting]);
    return name === null ? [] : [{ setting, name }];
  });
  if (named.length === 0) return new Map();
  const names = named.map(({ name }) => name);
  const found = await secretTexts(names).catch((cause: unknown) => {
    const unreadable = unreadableSecret(cause);
    if (unreadable !== null) throw engine.refused(OPERATION, unreadable, cause);
    throw engine.unavailable(OPERATION, 'The worker cannot read secrets now.', cause);
  });
  const missing = named.filter(({ name }) => !found.has(name));
  if (missing.length === 0) return found;
  const words = missing.map(({ setting, name }) => `There is no secret ${name}, which tls.${setting} names.`);
  throw engine.refused(OPERATION, `${words.join(' ')} Set it under Sessions, Secrets and configs.`);
}

/** What is wrong with it, where that is what failed. */
function unreadableSecret(error: unknown): string | null {
  if (!isDomainError(error) || !('why' in error.details && 'name' in error.details)) return null;
  const { name, why } = error.details;
  return why === 'another-key'
    ? `The secret ${name} was encrypted with another ROUNDHOUSE_KEY: give the worker the key that it was set with, or set it again.`
    : `The secret ${name} is not what was stored, because somebody changed the database: set it again.`;
}

async function fileText(engine: Engine, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw engine.refused(OPERATION, `The worker cannot read ${file}: see that it is there, and may be read.`, cause);
  }
}

function isNeededFor(setting: Setting, text: string): boolean {
  try {
    if (setting === 'key') createPrivateKey(text);
    else new X509Certificate(text);
    return true;
  } catch {
    // Why not is left out: nobody is to learn what stands there instead.
    return false;
  }
}
