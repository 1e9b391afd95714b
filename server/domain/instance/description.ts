import { compareBytewise } from '../pool/bytewise.ts';
import { type Encodable, goJson, JsonText, mapText } from './json-text.ts';
import type { Description, Json } from './plugin.ts';

/** A description as the source may have it: without tags, and with numbers that JavaScript cannot hold. */
export interface SourceDescription extends Omit<Description, 'tags' | 'properties'> {
  readonly tags: Description['tags'] | null;
  readonly properties: Json | JsonText;
}

/** By id, by its bytes: -1, 0 or 1. Source: docker/infrakit `instance.Description.Compare`. */
export function compare(a: Pick<Description, 'id'>, b: Pick<Description, 'id'>): -1 | 0 | 1 {
  const order = compareBytewise(a.id, b.id);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/** As it is written on the wire. */
export function encodable({ id, logicalId, tags, properties }: SourceDescription): Encodable {
  return {
    ID: id,
    LogicalID: logicalId,
    Tags: encodableTags(tags),
    ...(properties === null ? {} : { Properties: encodableProperties(properties) }),
  };
}

/** Go sorts the keys of its maps by their bytes. */
export function encodableTags(tags: Description['tags'] | null): Encodable {
  return tags && mapText(Object.entries(tags).sort(([a], [b]) => compareBytewise(a, b)));
}

export function encodableProperties(properties: Json | JsonText): JsonText {
  return properties instanceof JsonText ? properties : new JsonText(JSON.stringify(properties));
}

/**
 * The source's own fingerprint, of which two different descriptions may have the same: it forgets the spaces after
 * colons, also within texts. `canonical` has no such pairs. Source: docker/infrakit `types.Fingerprint`.
 */
export function sourceFingerprint(description: SourceDescription, md5: (text: string) => string): string {
  return md5(goJson(encodable(description)).replaceAll(': ', ':'));
}

type KeyOf = (description: Description) => string | null;

/** By key; of two with one key the later. Those without a key are left out. Source: `instance.Descriptions.Index`. */
export function index(descriptions: readonly Description[], keyOf: KeyOf): ReadonlyMap<string, Description> {
  return new Map(
    descriptions.flatMap((one) => {
      const key = keyOf(one);
      return key === null ? [] : [[key, one] as const];
    }),
  );
}

/** Those of the first list whose keys the second does not have, by id. Source: `instance.Difference`. */
export function difference(
  descriptions: readonly Description[],
  keyOf: KeyOf,
  others: readonly Description[],
  keyOfOther: KeyOf,
): Description[] {
  const known = index(others, keyOfOther);
  return [...index(descriptions, keyOf)].flatMap(([key, one]) => (known.has(key) ? [] : [one])).sort(compare);
}
