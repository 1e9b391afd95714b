import type { Json } from '@/server/domain/instance/plugin.ts';

export interface Change {
  /** The path of the value, by dots; empty where the whole is one value. */
  readonly path: string;
  /** null where there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between before and after, value by value, in the order of their paths. */
export function changes(before: Json, after: Json): readonly Change[] {
  const [old, young] = [values(before), values(after)];
  const paths = [...new Set([...old.keys(), ...young.keys()])].sort();
  return paths
    .map((path) => ({ path, before: old.get(path) ?? null, after: young.get(path) ?? null }))
    .filter((change) => change.before !== change.after);
}

function values(json: Json, path = ''): Map<string, string> {
  if (json === null) return new Map();
  if (typeof json !== 'object') return new Map([[path, String(json)]]);
  const isList = Array.isArray(json);
  if (isList && json.every((item) => typeof item !== 'object' || item === null))
    return new Map([[path, json.join(', ')]]);
  return new Map(
    Object.entries(json).flatMap(([key, value]) => [...values(value, path === '' ? key : `${path}.${key}`)]),
  );
}
