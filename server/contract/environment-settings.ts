import { z } from 'zod';
import { canonical } from '../domain/instance/canonical.ts';
import type { Json } from '../domain/instance/plugin.ts';
import type { EnvironmentKind } from './cluster.ts';
import { dockerSettingsSchema, LOOPBACK } from './docker-settings.ts';
import { infrakitSettingsSchema } from './infrakit-settings.ts';
import { readYaml, type YamlProblem } from './read-yaml.ts';
import { namedSecret, PEM, PEM_BELONGS } from './secret-reference.ts';
import { simulatorSettingsSchema } from './simulator-settings.ts';

// For the server alone: a page sends what is typed and is told what is wrong with it.

/** What an environment is set to, by its kind; of one that is not here nothing can be set. */
export const settingsSchemas = {
  simulator: simulatorSettingsSchema,
  infrakit: infrakitSettingsSchema,
  docker: dockerSettingsSchema,
} satisfies Partial<Record<EnvironmentKind, z.ZodType>>;

/** What has to be written of a kind that cannot do with its defaults. */
const LEAST: Partial<Record<string, string>> = { infrakit: '{ address: /path/of/the/plugin }' };

const SCHEMAS: Partial<Record<string, z.ZodType<Json>>> = settingsSchemas;

/** The example to begin with where a kind must be told something; null where it has defaults for everything. */
export function neededSettings(kind: string): string | null {
  return LEAST[kind] ?? null;
}

/** What an environment is set to, with everything that the defaults say. */
export function wholeSettings(kind: string, settings: Json): Json {
  const schema = SCHEMAS[kind];
  return schema === undefined ? {} : (schema.safeParse(settings).data ?? settings);
}

/** Whether only processes of one host reach it: local machines, and what is at a path or at the loopback. */
export function isOfOneHost(kind: string, settings: Json): boolean {
  if (kind === 'local') return true;
  const { address } = membersOf(wholeSettings(kind, settings));
  return typeof address === 'string' && (!address.startsWith('tcp:') || LOOPBACK.test(address));
}

/** The secrets of the console that settings name. */
export function secretsNamedBy(kind: string, settings: Json): readonly string[] {
  if (kind !== 'docker') return [];
  const { tls = null } = dockerSettingsSchema.safeParse(settings).data ?? {};
  return Object.values(tls ?? {}).flatMap((place) => namedSecret(place) ?? []);
}

/** What an environment is set to without what the defaults say anyway. Throws where it is not as the kind needs it. */
export function saidSettings(kind: string, settings: Json): { readonly [key: string]: Json } {
  const schema = SCHEMAS[kind];
  if (schema === undefined) return {};
  const all = membersOf(schema.parse(settings));
  const missing = new Set((schema.safeParse({}).error?.issues ?? []).map(({ path }) => path[0]));
  const needed = Object.fromEntries(Object.entries(all).filter(([key]) => missing.has(key)));
  return { ...needed, ...differing(all, membersOf(schema.parse(needed))) };
}

/** What is typed as the settings of an environment, with everything that the defaults say. */
export function readSettings(
  kind: string,
  text: string,
):
  | { readonly settings: Json; readonly problems: readonly [] }
  | { readonly settings: null; readonly problems: readonly YamlProblem[] } {
  // Pasted as it is, one of several lines is seldom YAML.
  const pem = text.search(PEM);
  if (pem >= 0) {
    const line = text.slice(0, pem).split('\n').length;
    return { settings: null, problems: [{ path: '', line, message: PEM_BELONGS }] };
  }
  const schema = SCHEMAS[kind] ?? z.strictObject({}, `of the kind ${kind} nothing can be set`);
  const { value, problems } = readYaml(
    text,
    z.preprocess((given) => given ?? {}, schema),
  );
  return value === null ? { settings: null, problems } : { settings: value, problems: [] };
}

/** The same to be typed over: as JSON, which a form can read too, without what the defaults say. */
export function settingsText(kind: string, settings: Json): string {
  return JSON.stringify(saidSettings(kind, settings), null, 2);
}

/** Members of members too: a fault of the simulator is said without the others. */
function differing(said: Members, defaults: Members): Members {
  const changed = Object.entries(said).flatMap(([key, value]): [string, Json][] => {
    const usual = defaults[key];
    if (usual === undefined) return [[key, value]];
    if (canonical(value) === canonical(usual)) return [];
    return [[key, isMembers(value) && isMembers(usual) ? differing(value, usual) : value]];
  });
  return Object.fromEntries(changed);
}

type Members = { readonly [key: string]: Json };

function membersOf(value: Json): Members {
  return isMembers(value) ? value : {};
}

function isMembers(value: Json): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
