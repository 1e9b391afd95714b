import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isDomainError } from '../../../domain/errors.ts';
import { canonical } from '../../../domain/instance/canonical.ts';
import { compareBytewise } from '../../../domain/pool/bytewise.ts';
import { isCode } from '../local/installation.ts';
import { InfrakitClient, type PluginIdentity } from './infrakit-client.ts';
import { DRIVEN, encodeInterface, refusalOf } from './interface-spec.ts';

/** A plugin that answers, with what an environment's settings say to use it. */
export interface FoundPlugin {
  /** That of its file, and of its type where one address serves several. */
  readonly name: string;
  readonly address: string;
  readonly type: string;
  /** What it offers, such as `Instance/0.6.1`. */
  readonly interfaces: readonly string[];
  /** Why it can be no environment; null where it can. */
  readonly refusal: string | null;
}

export interface FoundPlugins {
  /** By name. */
  readonly plugins: readonly FoundPlugin[];
  /** Names of what looks like a plugin and does not answer, or not as one. */
  readonly silent: readonly string[];
  /** Why the directory cannot be read; a directory that is not there has no plugins. */
  readonly problem: string | null;
}

const HANDSHAKE_LIMIT_MS = 2_000;
const REREAD_MS = 10_000;
/** A server that starts makes its socket first and listens then. */
const SETTLE_MS = 100;

/**
 * Calls back with what is in the directory, at first and whenever that changes, until the signal. The directory is
 * watched, and read again now and then as well: a watch loses events, and a plugin may end without a trace.
 */
export async function watchPlugins(
  directory: string,
  found: (plugins: FoundPlugins) => void,
  signal: AbortSignal,
  rereadMs = REREAD_MS,
): Promise<void> {
  let known = '';
  while (!signal.aborted) {
    // Before it is read, so that no change falls between the two.
    const change = changeIn(directory, rereadMs, signal);
    const plugins = await readPlugins(directory, signal);
    const text = canonical(plugins);
    if (text !== known && !signal.aborted) found(plugins);
    known = text;
    await change;
  }
}

/** Resolves when something in the directory has changed, when it is time to look again, or at the signal. */
function changeIn(directory: string, withinMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = new AbortController();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      end.abort();
      resolve();
    };
    let timer = setTimeout(done, withinMs);
    const settle = () => {
      clearTimeout(timer);
      timer = setTimeout(done, SETTLE_MS);
    };
    signal.addEventListener('abort', done);
    if (signal.aborted) return done();
    try {
      // Where it cannot be watched, it is read when it is time.
      watch(directory, { signal: end.signal }, settle).on('error', () => {});
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  });
}

async function readPlugins(directory: string, signal: AbortSignal): Promise<FoundPlugins> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isSocket() || (entry.isFile() && entry.name.endsWith('.listen')));
    const asked = await Promise.all(files.map(({ name }) => ask(path.join(directory, name), signal)));
    return {
      plugins: asked.flatMap(({ plugins }) => plugins).sort((a, b) => compareBytewise(a.name, b.name)),
      silent: asked.flatMap(({ silent }) => silent).sort(compareBytewise),
      problem: null,
    };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return { plugins: [], silent: [], problem: null };
    return { plugins: [], silent: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

async function ask(address: string, signal: AbortSignal): Promise<Pick<FoundPlugins, 'plugins' | 'silent'>> {
  const lookup = path.basename(address, '.listen');
  const limit = AbortSignal.any([signal, AbortSignal.timeout(HANDSHAKE_LIMIT_MS)]);
  try {
    return {
      plugins: pluginsOf(lookup, address, await new InfrakitClient(lookup, address).hello({ signal: limit })),
      silent: [],
    };
  } catch (error) {
    if (!isDomainError(error) && !limit.aborted) throw error;
    return { plugins: [], silent: [lookup] };
  }
}

function pluginsOf(lookup: string, address: string, { interfaces, types }: PluginIdentity): FoundPlugin[] {
  const refusal = refusalOf(interfaces, DRIVEN);
  const common = { address, interfaces: interfaces.map(encodeInterface).sort(compareBytewise), refusal };
  const served = refusal !== null || types === null || types.length === 0 ? [''] : types;
  return served.map((type) => ({ ...common, name: type === '' ? lookup : `${lookup}/${type}`, type }));
}
