import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogLine } from '../../../domain/execution/controller.ts';
import { LogFrames } from './component-log.ts';

const TIME = '2026-03-01T12:00:00.123456789Z';
const AT = Date.parse('2026-03-01T12:00:00.123Z');

function frame(stream: 1 | 2, text: string, time = TIME): Buffer {
  const entry = Buffer.from(`${time} ${text}`);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(entry.length, 4);
  return Buffer.concat([header, entry]);
}

function read(chunks: readonly Buffer[]): LogLine[] {
  const frames = new LogFrames();
  return [...chunks.flatMap((chunk) => frames.read(chunk)), ...frames.finish()];
}

test('a line that the engine kept in several entries is one line, whatever the other stream says meanwhile', () => {
  const lines = read([frame(1, 'one '), frame(2, 'err\n'), frame(1, 'line\n'), frame(1, 'last')]);
  expect(lines).toEqual([
    { line: 0, at: AT, stream: 'stderr', text: 'err' },
    { line: 1, at: AT, stream: 'stdout', text: 'one line' },
    { line: 2, at: AT, stream: 'stdout', text: 'last' },
  ]);
});

test('times never go back', () => {
  const lines = read([frame(1, 'late\n'), frame(2, 'early\n', '2026-03-01T11:59:59.000000000Z')]);
  expect(lines.map(({ at }) => at)).toEqual([AT, AT]);
});

test('lines are the same however the answer is cut into chunks', () => {
  const entry = fc.tuple(fc.constantFrom<1 | 2>(1, 2), fc.string({ unit: 'binary' }), fc.boolean());
  fc.assert(
    fc.property(fc.array(entry), fc.array(fc.nat(50)), (entries, cuts) => {
      const whole = Buffer.concat(
        entries.map(([stream, text, ends]) => frame(stream, `${text.replaceAll('\n', '')}${ends ? '\n' : ''}`)),
      );
      const chunks: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        chunks.push(whole.subarray(at, at + cut));
        at += cut;
      }
      expect(read([...chunks, whole.subarray(at)])).toEqual(read([whole]));
    }),
  );
});
