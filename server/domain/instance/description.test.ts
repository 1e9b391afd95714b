import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { canonical } from './canonical.ts';
import { compare, difference, index, sourceFingerprint } from './description.ts';
import { JsonText } from './json-text.ts';
import type { Description } from './plugin.ts';

interface Recorded {
  readonly id: string;
  readonly logicalID: string | null;
  readonly propertiesText: string | null;
  readonly tags: Readonly<Record<string, string>> | null;
}

type Case =
  | { readonly fn: 'compare'; readonly a: string; readonly b: string; readonly out: number }
  | { readonly fn: 'sort'; readonly ids: readonly string[]; readonly out: readonly string[] }
  | { readonly fn: 'fingerprint'; readonly description: Recorded; readonly out: string }
  | {
      readonly fn: 'difference';
      readonly a: readonly Recorded[];
      readonly aKey: string;
      readonly aIndex: Readonly<Record<string, Recorded>>;
      readonly b: readonly Recorded[];
      readonly bKey: string;
      readonly out: readonly Recorded[];
      readonly tie: boolean;
    };

const { cases }: { cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('./testdata/infra-description.json', import.meta.url), 'utf8'),
);

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function described({ id, logicalID, tags }: Recorded): Description {
  return { id, logicalId: logicalID, tags: tags ?? {}, properties: null };
}

const keyOf =
  (name: string) =>
  ({ id, logicalId, tags }: Description): string | null => {
    if (name === 'id') return id;
    return name === 'logicalID' ? logicalId : (tags[name.slice('tag:'.length)] ?? null);
  };

test('descriptions are compared, sorted, indexed and subtracted, and have the fingerprints, as recorded', () => {
  for (const one of cases) {
    if (one.fn === 'compare') expect(compare({ id: one.a }, { id: one.b })).toBe(one.out);
    else if (one.fn === 'sort') {
      const sorted = one.ids.map((id) => ({ id })).sort(compare);
      expect(sorted.map(({ id }) => id)).toEqual(one.out);
    } else if (one.fn === 'fingerprint') {
      const { id, logicalID, tags, propertiesText } = one.description;
      const properties = propertiesText === null ? null : new JsonText(propertiesText);
      expect(sourceFingerprint({ id, logicalId: logicalID, tags, properties }, md5)).toBe(one.out);
    } else {
      const [a, b] = [one.a.map(described), one.b.map(described)];
      expect(Object.fromEntries(index(a, keyOf(one.aKey)))).toEqual(
        Object.fromEntries(Object.entries(one.aIndex).map(([key, each]) => [key, described(each)])),
      );
      const left = difference(a, keyOf(one.aKey), b, keyOf(one.bKey));
      const wanted = one.out.map(described);
      // Where two have one id, their order is not determined.
      if (one.tie) expect(left).toEqual(expect.arrayContaining(wanted));
      else expect(left).toEqual(wanted);
      expect(left).toHaveLength(wanted.length);
    }
  }
  expect(cases).toHaveLength(150);
});

test('two descriptions that the source takes for one have texts of their own', () => {
  const [a, b] = ['x: y', 'x:y'].map((id) => described({ id, logicalID: null, propertiesText: null, tags: {} }));
  if (a === undefined || b === undefined) throw new Error('there are two');
  expect(sourceFingerprint(a, md5)).toBe(sourceFingerprint(b, md5));
  expect(canonical(a)).not.toBe(canonical(b));
});
