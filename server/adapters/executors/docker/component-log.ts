import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '../../../domain/execution/controller.ts';

/** Longer lines are split, in UTF-16 code units. */
const LONGEST_LINE = 65_536;
const HEADER = 8;
const STDERR = 2;
const NEWLINE = 10;

type Stream = LogLine['stream'];

interface Unfinished {
  decoder: StringDecoder;
  text: string;
  at: number;
}

/**
 * The lines of what an engine answers for `logs` with timestamps: frames of a header of eight bytes (the stream, three
 * zeros, the length) and an entry `TIME text`. An entry without a newline goes on in the next one of its stream. Numbers
 * follow from the order of the entries alone, so that whoever reads from the beginning counts alike.
 */
export class LogFrames {
  #held: Buffer = Buffer.alloc(0);
  #line = 0;
  #at = 0;
  readonly #open: Record<Stream, Unfinished> = { stdout: unfinished(), stderr: unfinished() };

  /** The lines that this chunk ends. */
  read(chunk: Buffer): LogLine[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const lines: LogLine[] = [];
    let at = 0;
    while (this.#held.length >= at + HEADER) {
      const end = at + HEADER + this.#held.readUInt32BE(at + 4);
      if (this.#held.length < end) break;
      const stream = this.#held[at] === STDERR ? 'stderr' : 'stdout';
      lines.push(...this.#entry(stream, this.#held.subarray(at + HEADER, end)));
      at = end;
    }
    this.#held = this.#held.subarray(at);
    return lines;
  }

  /** Nothing more will be written. A last line that nobody ended is a line. */
  finish(): LogLine[] {
    return (['stdout', 'stderr'] as const).flatMap((stream) => {
      const open = this.#open[stream];
      const text = open.text + open.decoder.end();
      this.#open[stream] = unfinished();
      return text === '' ? [] : pieces(text).map((piece) => this.#number(stream, open.at, piece));
    });
  }

  #entry(stream: Stream, entry: Buffer): LogLine[] {
    const space = entry.indexOf(' ');
    const open = this.#open[stream];
    const time = Date.parse(entry.toString('latin1', 0, space));
    open.at = Number.isNaN(time) ? this.#at : time;
    const isEnded = entry.at(-1) === NEWLINE;
    open.text += open.decoder.write(entry.subarray(space + 1, isEnded ? -1 : undefined));
    if (isEnded) {
      const text = open.text + open.decoder.end();
      open.text = '';
      return pieces(text).map((piece) => this.#number(stream, open.at, piece));
    }
    const lines: LogLine[] = [];
    while (open.text.length > LONGEST_LINE) {
      lines.push(this.#number(stream, open.at, open.text.slice(0, LONGEST_LINE)));
      open.text = open.text.slice(LONGEST_LINE);
    }
    return lines;
  }

  /** The engine may write two streams down in another order than their times. */
  #number(stream: Stream, at: number, text: string): LogLine {
    this.#at = Math.max(this.#at, at);
    return { line: this.#line++, at: this.#at, stream, text };
  }
}

function pieces(text: string): string[] {
  if (text.length <= LONGEST_LINE) return [text];
  return [text.slice(0, LONGEST_LINE), ...pieces(text.slice(LONGEST_LINE))];
}

function unfinished(): Unfinished {
  return { decoder: new StringDecoder('utf8'), text: '', at: 0 };
}
