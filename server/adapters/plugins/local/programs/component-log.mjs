// @ts-check
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Longer lines are split, in UTF-16 code units. */
const LONGEST_LINE = 65_536;
/** A mark is set where so many lines or bytes follow the last one. */
const MARK_LINES = 256;
const MARK_BYTES = 262_144;
const CHUNK_BYTES = 65_536;
const SCAN_BYTES = 1_048_576;
const NEWLINE = 10;

/**
 * What a component writes, one JSON line for each of its lines: [epoch milliseconds, "o" or "e", text]. Times never go
 * back. Any line is found with one short read, however long the file is.
 *
 * @typedef {'o' | 'e'} Stream
 * @typedef {[at: number, stream: Stream, text: string]} Line
 * @typedef {{ line: number, offset: number, at: number }} Mark where a line begins
 */
export class ComponentLog {
  /** Lines that are there. */
  count = 0;
  #bytes = 0;
  #lastAt = 0;
  /** @type {Mark[]} the first line's, and then in order */
  #marks = [{ line: 0, offset: 0, at: 0 }];
  #descriptor;
  /** @type {Record<Stream, { decoder: StringDecoder, rest: string }>} */
  #open = { o: unfinished(), e: unfinished() };

  /** @param {string} file appended to; what an earlier process left is read once */
  constructor(file) {
    this.#descriptor = openSync(file, 'a+', 0o600);
    this.#scan();
  }

  /**
   * @param {Stream} stream
   * @param {Buffer} chunk
   */
  write(stream, chunk) {
    const open = this.#open[stream];
    const lines = (open.rest + open.decoder.write(chunk)).split('\n');
    open.rest = lines.pop() ?? '';
    while (open.rest.length > LONGEST_LINE) {
      const [first = '', ...others] = pieces(open.rest);
      lines.push(first);
      open.rest = others.join('');
    }
    this.#append(stream, lines.flatMap(pieces));
  }

  /** Nothing more will be written. A last line that nobody ended is a line. */
  finish() {
    for (const stream of /** @type {const} */ (['o', 'e'])) {
      const { decoder, rest } = this.#open[stream];
      const last = rest + decoder.end();
      this.#open[stream] = unfinished();
      if (last !== '') this.#append(stream, pieces(last));
    }
  }

  /**
   * Lines from number `from` on which are not older than `since`, as far as they fit into one answer.
   * @param {{ from: number, since: number, lines: number, bytes: number }} wanted
   * @returns {{ first: number, lines: Line[] }} `first`: the number of the first one
   */
  read({ from, since, lines: most, bytes }) {
    const mark = this.#markBefore(from, since);
    let { line, offset } = mark;
    let first = Math.min(Math.max(from, line), this.count);
    let size = 0;
    let rest = Buffer.alloc(0);
    /** @type {Line[]} */
    const lines = [];
    while (offset < this.#bytes) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, this.#bytes - offset));
      offset += readSync(this.#descriptor, chunk, 0, chunk.length, offset);
      const data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      let start = 0;
      for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, start)) {
        /** @type {Line | null} */
        const found = line >= from ? JSON.parse(data.toString('utf8', start, end)) : null;
        if (found && (lines.length > 0 || found[0] >= since)) {
          if (lines.length === 0) first = line;
          lines.push(found);
          size += end - start;
          if (lines.length >= most || size >= bytes) return { first, lines };
        }
        start = end + 1;
        line += 1;
      }
      rest = data.subarray(start);
    }
    return { first: lines.length > 0 ? first : Math.max(first, line), lines };
  }

  close() {
    closeSync(this.#descriptor);
  }

  /**
   * @param {Stream} stream
   * @param {string[]} texts
   */
  #append(stream, texts) {
    if (texts.length === 0) return;
    const at = Math.max(this.#lastAt, Date.now());
    const written = texts.map((text) => `${JSON.stringify([at, stream, text])}\n`);
    const data = Buffer.from(written.join(''));
    for (let done = 0; done < data.length; ) done += writeSync(this.#descriptor, data, done);
    let offset = this.#bytes;
    for (const text of written) {
      this.#mark(offset, at);
      offset += Buffer.byteLength(text);
      this.count += 1;
    }
    this.#bytes = offset;
    this.#lastAt = at;
  }

  /**
   * The line that comes next begins here.
   * @param {number} offset
   * @param {number} at
   */
  #mark(offset, at) {
    const last = this.#marks.at(-1);
    if (last && this.count - last.line < MARK_LINES && offset - last.offset < MARK_BYTES) return;
    this.#marks.push({ line: this.count, offset, at });
  }

  /**
   * @param {number} from
   * @param {number} since
   */
  #markBefore(from, since) {
    // A line that is older than `since` has everything before it older too.
    const fits = (/** @type {Mark | undefined} */ mark) => mark && (mark.line <= from || mark.at < since);
    let low = 0;
    let high = this.#marks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (fits(this.#marks[middle])) low = middle;
      else high = middle;
    }
    return this.#marks[low] ?? { line: 0, offset: 0, at: 0 };
  }

  #scan() {
    const { size } = fstatSync(this.#descriptor);
    let start = 0;
    let head = '';
    for (let offset = 0; offset < size; ) {
      const chunk = Buffer.alloc(Math.min(SCAN_BYTES, size - offset));
      const read = readSync(this.#descriptor, chunk, 0, chunk.length, offset);
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
        head += chunk.toString('latin1', from, Math.min(end, from + 32));
        this.#lastAt = Number(/^\[(\d+)/.exec(head)?.[1] ?? this.#lastAt);
        this.#mark(start, this.#lastAt);
        this.count += 1;
        from = end + 1;
        start = offset + from;
        head = '';
      }
      head += chunk.toString('latin1', from, from + 32);
      offset += read;
    }
    // A line cut short is left aside. Nothing follows it, for what an earlier process started is not run again.
    this.#bytes = start;
  }
}

/** Bytes that are no UTF-8 are replaced. */
function unfinished() {
  return { decoder: new StringDecoder('utf8'), rest: '' };
}

/** @param {string} text */
function pieces(text) {
  if (text.length <= LONGEST_LINE) return [text];
  const found = [];
  for (let start = 0; start < text.length; ) {
    const end = start + LONGEST_LINE;
    // Both halves of a character stay together.
    const cut = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
    found.push(text.slice(start, cut));
    start = cut;
  }
  return found;
}
