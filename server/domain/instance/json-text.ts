/** JSON that stands as it was written: its numbers keep their digits, its objects the order of their keys. */
export class JsonText {
  constructor(readonly text: string) {}
}

export type Encodable =
  | null
  | boolean
  | number
  | string
  | JsonText
  | readonly Encodable[]
  | { readonly [key: string]: Encodable };

/** JSON byte for byte as Go's encoder writes it: no white space, and characters that HTML minds are escaped. */
export function goJson(value: Encodable): string {
  return written(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function written(value: Encodable): string {
  if (value instanceof JsonText) return compact(value.text);
  if (isList(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return objectText(Object.entries(value));
}

/** Object keys that look like numbers cannot keep their place in an object of JavaScript, so a map is a text. */
export function mapText(entries: readonly (readonly [string, Encodable])[]): JsonText {
  return new JsonText(objectText(entries));
}

function objectText(entries: readonly (readonly [string, Encodable])[]): string {
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${written(member)}`).join(',')}}`;
}

function isList(value: Encodable): value is readonly Encodable[] {
  return Array.isArray(value);
}

const STRING = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"`;
const STRING_OR_SPACE = new RegExp(`${STRING}|\\s+`, 'g');
const TOKEN = new RegExp(`${STRING}|[{}[\\]:,]|[^\\s{}[\\]:,"]+`, 'g');

function compact(text: string): string {
  return text.replaceAll(STRING_OR_SPACE, (match) => (match.startsWith('"') ? match : ''));
}

/** The members of an object, each value as it is written. The text must be that of an object. */
export function memberTexts(text: string): readonly (readonly [string, JsonText])[] {
  const members: [string, JsonText][] = [];
  let depth = 0;
  let key: string | null = null;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '}' || token === ']') depth -= 1;
    const ends = (depth === 1 && token === ',') || depth === 0;
    if (ends && key !== null) {
      members.push([key, new JsonText(text.slice(start, index).trim())]);
      key = null;
    } else if (depth === 1 && token === ':') start = index + 1;
    else if (depth === 1 && key === null && token.startsWith('"')) key = JSON.parse(token);
    if (token === '{' || token === '[') depth += 1;
  }
  return members;
}

/** The first number that JavaScript would change, and the names on the way to it; null where it keeps all. */
export function changedNumber(text: string): { readonly path: string; readonly number: string } | null {
  const path: string[] = [];
  let name = '';
  let string = '""';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('"')) string = token;
    else if (token === ':') name = JSON.parse(string);
    else if (token === '{' || token === '[') path.push(name);
    else if (token === '}' || token === ']') path.pop();
    else if (/^[-\d]/.test(token) && decimal(token) !== decimal(String(Number(token)))) {
      return { path: [...path, name].filter((one) => one !== '').join('.'), number: token };
    }
    if (/^[{}[\]]$/.test(token)) name = '';
  }
  return null;
}

/** What to say of it, behind its path. */
export function notKept(number: string): string {
  return `${number} would not be kept as it is written; write it as a text`;
}

/** The same for every way to write a value: its digits without zeros around them, and the power of ten they stand at. */
function decimal(number: string): string {
  const [mantissa = '', exponent = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return `${mantissa.startsWith('-') ? '-' : ''}${significant}e${power}`;
}
