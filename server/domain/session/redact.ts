/** A value shorter than this is not looked for: it would stand in half of all lines. It is refused as a secret. */
export const SHORTEST_SECRET = 4;
/** Lines of a value of several lines, for example a private key, are looked for from this length on. */
const SHORTEST_LINE = 6;

const MARK = '[secret]';

/**
 * Makes values unreadable in text: each value, and each line of one that has several, as it is, in base64, in a URL and
 * within JSON. Not found are values shorter than `SHORTEST_SECRET`, lines shorter than 6 of a value of several lines, and
 * what a program made of a value otherwise: a part of it, its hash, the base64 of a text around it.
 */
export function redactor(values: readonly Uint8Array[]): (text: string) => string {
  const forms = new Set(values.flatMap(formsOf));
  if (forms.size === 0) return (text) => text;
  // The longest first: a secret that begins like another must not leave its end behind.
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map(literally).join('|'), 'g');
  return (text) => text.replace(pattern, MARK);
}

function formsOf(value: Uint8Array): string[] {
  const text = new TextDecoder().decode(value);
  // A value from a file ends with a line break that no program writes.
  const trimmed = text.trim();
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  const pieces = [text, trimmed, ...(lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_LINE) : [])];
  return [
    ...(value.length >= SHORTEST_SECRET ? base64Of(value) : []),
    ...pieces.filter((piece) => piece.length >= SHORTEST_SECRET).flatMap(encodingsOf),
  ];
}

function encodingsOf(text: string): string[] {
  return [
    text,
    ...base64Of(new TextEncoder().encode(text)),
    encodeURIComponent(text),
    new URLSearchParams([['', text]]).toString().slice(1),
    ...jsonOf(text),
  ];
}

/** As JSON writers do it: nothing more than they must, no character beyond ASCII, or no plain slash. */
function jsonOf(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const ascii = plain.replace(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [plain, ascii, plain.replaceAll('/', '\\/'), ascii.replaceAll('/', '\\/')];
}

/** Without padding, so that the padded form is found as well. */
function base64Of(bytes: Uint8Array): string[] {
  const padded = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const base64 = padded.replace(/=+$/, '');
  return [padded, base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
