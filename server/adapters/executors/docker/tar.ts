const BLOCK = 512;

export interface TarFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Directories and files as the engine takes them into a container, all of them for one user only. */
export function packTar(
  directories: readonly string[],
  files: readonly TarFile[],
  owner: { readonly uid: number; readonly gid: number },
): Buffer {
  const entries = [
    ...directories.flatMap((path) => [header(`${path}/`, 0, 0o700, '5', owner)]),
    ...files.flatMap(({ path, content }) => [
      header(path, content.length, 0o600, '0', owner),
      content,
      Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
    ]),
  ];
  return Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
}

function header(
  path: string,
  size: number,
  mode: number,
  kind: '0' | '5',
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Buffer {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(path) > 100) throw new RangeError(`${path} is too long for an archive`);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.write(path, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(uid, 8), 108);
  block.write(octal(gid, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write(kind, 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The first file of an archive; null where it has none, `too large` where it is larger than that. */
export async function firstFile(archive: AsyncIterable<Buffer>, largest: number): Promise<Buffer | 'too large' | null> {
  let held = Buffer.alloc(0);
  let at = 0;
  for await (const chunk of archive) {
    held = Buffer.concat([held, chunk]);
    while (held.length >= at + BLOCK) {
      const size = Number.parseInt(held.toString('latin1', at + 124, at + 136), 8) || 0;
      const kind = held.toString('latin1', at + 156, at + 157);
      // Anything else describes the file, or is none.
      if (kind === '0' || kind === '\0') {
        if (held[at] === 0) return null;
        if (size > largest) return 'too large';
        if (held.length < at + BLOCK + size) break;
        return held.subarray(at + BLOCK, at + BLOCK + size);
      }
      at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
  }
  return null;
}
