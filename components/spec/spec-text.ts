import { changedNumber, notKept } from '../../server/domain/instance/json-text.ts';
import type { Json } from '../../server/domain/instance/plugin.ts';

type JsonObject = { readonly [key: string]: Json };

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** What a text is the JSON of. Throws, in words to stand beside the text, where it is none or would be changed. */
export function readJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const changed = changedNumber(text);
  if (changed !== null) throw new Error(`${changed.path}: ${notKept(changed.number)}`);
  return value;
}

/** The object that a text is the JSON of; null where it is something else. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The value at a path; null where there is none. */
export function member(value: Json, path: readonly string[]): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const next = isJsonObject(value) ? value[key] : undefined;
  return next === undefined ? null : member(next, rest);
}

/** The same object with another value at a path. */
export function withMember(value: Json, path: readonly string[], next: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  const object = isJsonObject(value) ? value : {};
  return { ...object, [key]: withMember(object[key] ?? null, rest, next) };
}

/** What is no number stays as it was typed, so that it can be said to be wrong. */
export function numberOrText(text: string): Json {
  return /^\d+$/.test(text.trim()) ? Number(text) : text;
}

/** A list as lines, or an object as lines of `NAME=value`. */
export function linesOf(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(String).join('\n');
  if (!isJsonObject(value)) return '';
  return Object.entries(value)
    .map(([name, one]) => `${name}=${one}`)
    .join('\n');
}

/** Lines of `NAME=value` as an object. A line without a value is not finished, and left out. */
export function variablesOf(text: string): JsonObject {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, name, value] = /^\s*([^=\s]+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
