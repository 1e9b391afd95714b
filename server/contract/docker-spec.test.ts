import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../domain/instance/plugin.ts';
import { dockerSpecSchema, followedTag, imageReference, isPinned, keepDigest, withDigest } from './docker-spec.ts';

const HEX = '0123456789abcdef'.repeat(4);
const D1 = `sha256:${HEX}`;
const D2 = `sha256:${'f'.repeat(64)}`;

describe('an image is read as an engine reads it', () => {
  test.each([
    ['web', 'web', null, null],
    ['web:2', 'web', '2', null],
    [`web:2@${D1}`, 'web', '2', D1],
    [`web@${D1}`, 'web', null, D1],
    [D1, null, null, D1],
    ['localhost:5000/web', 'localhost:5000/web', null, null],
    ['localhost:5000/web:2', 'localhost:5000/web', '2', null],
    [`localhost:5000/web:2@${D1}`, 'localhost:5000/web', '2', D1],
    [`registry.example.org/team/a-b__c.d/web@${D1}`, 'registry.example.org/team/a-b__c.d/web', null, D1],
    ['REGISTRY.example.org/web:V2.0-RC_1', 'REGISTRY.example.org/web', 'V2.0-RC_1', null],
    // No registry: a name with a tag.
    ['localhost:5000', 'localhost', '5000', null],
    // No id of an image: that has the word before it.
    [HEX, HEX, null, null],
  ])('%s', (image, name, tag, digest) => {
    expect(imageReference(image)).toEqual({ name, tag, digest });
  });

  test.each([
    '',
    ':2',
    'web:',
    'web@',
    `@${D1}`,
    `:2@${D1}`,
    'Web:2',
    'team/Web:2',
    'web:2:3',
    'web:-2',
    'web 2',
    ' web:2',
    'web:2\n',
    'web_:2',
    'a___b:2',
    'a..b:2',
    '../containers/x:2',
    'web/:2',
    'web//x:2',
    'localhost:port/web:2',
    `web:${'2'.repeat(129)}`,
    `web:2@${D1}0`,
    `web:2@${D1.slice(0, -1)}`,
    `web:2@${D1.toUpperCase()}`,
    `web@sha512:${HEX}${HEX}`,
    `${D1}0`,
    D1.slice(0, -1),
    `sha256:2@${D1}`,
  ])('%j is none', (image) => {
    expect(imageReference(image)).toBeNull();
  });

  test('in a moment, however long it is', () => {
    for (const part of ['a', 'a-', 'a.', 'a__', 'a/', 'A.']) {
      const before = performance.now();
      expect(imageReference(`${part.repeat(100_000)}!`)).toBeNull();
      expect(performance.now() - before).toBeLessThan(1_000);
    }
  });
});

describe('the image of a spec', () => {
  const problem = (image: string) => dockerSpecSchema.safeParse({ image }).error?.issues[0];

  test.each(['web:2', `web:2@${D1}`, `web@${D1}`, D1])('may be %s', (image) => {
    expect(problem(image)).toBeUndefined();
  });

  test.each(['web', 'localhost:5000/web', HEX, 'Web:2', ''])(
    'that is %j is refused with both ways to write it',
    (image) => {
      expect(problem(image)).toMatchObject({
        path: ['image'],
        message: expect.stringMatching(/name:tag, in lower case.*name@sha256:…/),
      });
    },
  );

  test.each([
    ['web:2', { image: 'web:2', digest: null }, false],
    [`web:2@${D1}`, { image: 'web:2', digest: D1 }, true],
    [`localhost:5000/web:2@${D1}`, { image: 'localhost:5000/web:2', digest: D1 }, true],
    [`web@${D1}`, null, true],
    [D1, null, true],
  ])('%s follows %j, and that it is pinned is %s', (image, followed, pinned) => {
    expect(followedTag({ image })).toEqual(followed);
    expect(isPinned({ image })).toBe(pinned);
  });

  test.each<Json>([null, 'web:2', ['web:2'], {}, { image: 2 }, { image: null }])(
    'of %j there is none to follow',
    (spec) => {
      expect(followedTag(spec)).toBeNull();
      expect(withDigest(spec, D1)).toEqual(spec);
    },
  );
});

const digest = fc.constantFrom(D1, D2);
const tagged = fc.constantFrom('web:2', 'web:3', 'localhost:5000/web:2');
const image = fc.oneof(
  tagged,
  fc.tuple(tagged, digest).map(([name, found]) => `${name}@${found}`),
  digest.map((found) => `web@${found}`),
  digest,
);
const spec = fc.record(
  { image, command: fc.array(fc.constant('sh')), init: fc.boolean(), labels: fc.dictionary(fc.string(), fc.string()) },
  { requiredKeys: ['image'] },
);

test('another digest changes the digest of a followed tag and nothing else, whatever else the spec says', () => {
  fc.assert(
    fc.property(spec, digest, (before, found) => {
      const followed = followedTag(before);
      const image = followed === null ? before.image : `${followed.image}@${found}`;
      expect(withDigest(before, found)).toEqual({ ...before, image });
    }),
  );
});

test('what a file says keeps the stored digest exactly where both follow one tag and a digest was found', () => {
  fc.assert(
    fc.property(spec, spec, (said, stored) => {
      const [saidTag, storedTag] = [followedTag(said), followedTag(stored)];
      const isKept = saidTag !== null && saidTag.image === storedTag?.image && storedTag.digest !== null;
      expect(keepDigest(said, stored)).toEqual({ ...said, image: isKept ? stored.image : said.image });
    }),
  );
});
