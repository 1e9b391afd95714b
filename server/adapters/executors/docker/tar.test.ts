import { expect, test } from 'vitest';
import { firstFile, packTar } from './tar.ts';

async function* inPieces(archive: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
}

test.each([0, 1, 511, 512, 513, 2_000])(
  'a file of %i bytes is found behind its directories, in any pieces',
  async (size) => {
    const content = Buffer.alloc(size, 'x');
    const archive = packTar(['a', 'a/b'], [{ path: 'a/b/file', content }], { uid: 1, gid: 2 });
    for (const piece of [1, 100, 512, 10_000]) {
      expect((await firstFile(inPieces(archive, piece), 4_096))?.toString()).toBe(content.toString());
    }
  },
);

test('a file that is too large is said to be, and an archive without a file has none', async () => {
  const large = packTar([], [{ path: 'file', content: Buffer.alloc(600) }], { uid: 0, gid: 0 });
  expect(await firstFile(inPieces(large, 512), 599)).toBe('too large');
  expect(await firstFile(inPieces(packTar(['a'], [], { uid: 0, gid: 0 }), 512), 599)).toBeNull();
});
