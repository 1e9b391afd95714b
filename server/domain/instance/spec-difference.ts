import type { Json } from './plugin.ts';

/** One difference between two specs: the path, and the values before and after (null = absent). */
export interface SpecChange {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/** What changed between two specs, leaf by leaf, in the order of the paths. Lists are compared as wholes. */
export function specDifference(before: Json, after: Json): SpecChange[] {
  const then = leaves(before, '');
  const now = leaves(after, '');
  const paths = [...new Set([...then.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    const change = { path, before: then.get(path) ?? null, after: now.get(path) ?? null };
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [change];
  });
}

function leaves(value: Json, path: string): Map<string, Json> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return new Map([[path || '.', value]]);
  return new Map(
    Object.entries(value).flatMap(([key, member]) => [...leaves(member, path === '' ? key : `${path}.${key}`)]),
  );
}
