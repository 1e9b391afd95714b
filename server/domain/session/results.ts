import type { Json } from '../instance/plugin.ts';

/**
 * What a driver left, as it is stored: JSON, or else its text. Secrets are made unreadable after it was read, since JSON
 * may write a character in several ways; and what a database cannot store is replaced.
 */
export function readResults(text: string, redact: (text: string) => string): Json {
  const clean = (part: string) => redact(part).replace(/[\0\p{Surrogate}]/gu, '\ufffd');
  try {
    return mapTexts(JSON.parse(text), clean);
  } catch {
    return clean(text);
  }
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((member) => mapTexts(member, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), mapTexts(member, change)]));
}
