/**
 * The filter of lists of clusters and of instances, in one syntax: `web -state:draining outdated:>0 age:>10m "two words"`.
 * Every part must hold; a part behind a hyphen must not.
 */

/** What is filtered: clusters, or the instances of one or of all of them. */
export type FilterSubject = 'clusters' | 'instances';

export type Comparison = '>' | '>=' | '<' | '<=' | '=';

/**
 * What an instance is, for a cluster: that it has such a one. Flags count the instances that have them, so that of one
 * instance they are 0 or 1.
 */
export type InstanceCondition =
  | { readonly kind: 'state'; readonly state: InstanceStateWord }
  | { readonly kind: 'age'; readonly compare: Comparison; readonly ms: number }
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'version'; readonly compare: Comparison; readonly value: number };

export type FilterCondition =
  | InstanceCondition
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'count'; readonly key: CountKey; readonly compare: Comparison; readonly value: number }
  | { readonly kind: 'drift'; readonly compare: Comparison; readonly ms: number }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'label'; readonly key: string; readonly value: string }
  | { readonly kind: 'cycle'; readonly cycle: 'active' | 'none' | 'paused' };

export interface FilterTerm {
  readonly negated: boolean;
  readonly condition: FilterCondition;
}

/** A part that cannot be read: where it stands in the text, and what is possible there. */
export interface FilterProblem {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly message: string;
}

export interface Filter {
  readonly terms: readonly FilterTerm[];
  readonly problems: readonly FilterProblem[];
}

const STATES = ['starting', 'started', 'draining', 'drained', 'terminating'] as const;
type InstanceStateWord = (typeof STATES)[number];

const COUNTS = ['outdated', 'unhealthy', 'protected', 'standby', 'work', 'size'] as const;
export type CountKey = (typeof COUNTS)[number];

/** A key of the syntax, with what a person can choose from. */
export interface FilterKey {
  readonly key: string;
  readonly means: Readonly<Record<FilterSubject, string | null>>;
  /** Values to choose from, the most useful first; examples where any other of their kind will do. */
  readonly values: readonly string[];
}

const YES_OR_NUMBER = ['>0', '0', 'yes', 'no'];

/** All keys, and what they mean of a cluster and of an instance; null: they mean nothing there. */
export const FILTER_KEYS: readonly FilterKey[] = [
  { key: 'state', means: { clusters: 'has an instance in this state', instances: 'is in this state' }, values: STATES },
  { key: 'outdated', means: { clusters: 'outdated instances', instances: 'is outdated' }, values: YES_OR_NUMBER },
  {
    key: 'age',
    means: { clusters: 'has an instance so long in its state', instances: 'is in its state for so long' },
    values: ['>10m', '>2h', '>3d', '<10m'],
  },
  { key: 'unhealthy', means: { clusters: 'unhealthy instances', instances: 'is unhealthy' }, values: YES_OR_NUMBER },
  { key: 'protected', means: { clusters: 'protected instances', instances: 'is protected' }, values: YES_OR_NUMBER },
  { key: 'standby', means: { clusters: 'instances on standby', instances: 'is on standby' }, values: YES_OR_NUMBER },
  { key: 'work', means: { clusters: 'workloads in all', instances: 'workloads' }, values: ['>0', '0', '>5'] },
  { key: 'version', means: { clusters: 'has an instance of it', instances: 'runs it' }, values: ['1', '2', '<2'] },
  { key: 'zone', means: { clusters: 'has an instance in it', instances: 'is in it' }, values: [] },
  { key: 'size', means: { clusters: 'instances', instances: null }, values: ['>20', '>100', '0'] },
  { key: 'cycle', means: { clusters: 'its cycle', instances: null }, values: ['active', 'paused', 'none'] },
  { key: 'drift', means: { clusters: 'is outdated for so long', instances: null }, values: ['>2d', '>14d', '<1d'] },
  { key: 'env', means: { clusters: 'is of this environment', instances: 'is of this environment' }, values: [] },
  { key: 'label.', means: { clusters: 'has this label', instances: 'has this label, or its cluster' }, values: [] },
];

/** Reads a filter. A part that cannot be read is a problem and no term. */
export function parseFilter(text: string, subject: FilterSubject): Filter {
  const terms: FilterTerm[] = [];
  const problems: FilterProblem[] = [];
  for (const part of filterParts(text)) {
    const condition = readPart(part, subject);
    if (typeof condition !== 'string') terms.push({ negated: part.negated, condition });
    else problems.push({ from: part.from, to: part.to, text: text.slice(part.from, part.to), message: condition });
  }
  return { terms, problems };
}

/** The filter without what cannot be read of it. */
export function readablePart(text: string, subject: FilterSubject): string {
  const { problems } = parseFilter(text, subject);
  let kept = text;
  for (const { from, to } of problems.toReversed()) kept = kept.slice(0, from) + kept.slice(to);
  return kept.split(/\s+/).join(' ').trim();
}

/** A part between blanks: `-key:"a value"`, or a word. */
export interface FilterPart {
  readonly from: number;
  readonly to: number;
  readonly negated: boolean;
  /** Null for a word. */
  readonly key: string | null;
  readonly value: string;
  /** A quotation mark is open at its end. */
  readonly isOpen: boolean;
}

export function filterParts(text: string): readonly FilterPart[] {
  const parts: FilterPart[] = [];
  for (const match of text.matchAll(/(?:"[^"]*(?:"|$)|\S)+/g)) {
    const whole = match[0];
    const negated = whole.startsWith('-') && whole.length > 1;
    const rest = negated ? whole.slice(1) : whole;
    const colon = rest.startsWith('"') ? -1 : rest.indexOf(':');
    parts.push({
      from: match.index,
      to: match.index + whole.length,
      negated,
      key: colon < 1 ? null : rest.slice(0, colon),
      value: unquoted(colon < 1 ? rest : rest.slice(colon + 1)),
      isOpen: (whole.split('"').length - 1) % 2 === 1,
    });
  }
  return parts;
}

/** As it is written in a filter. */
export function quoted(value: string): string {
  return /[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
}

function unquoted(value: string): string {
  return value.replaceAll('"', '');
}

/** The condition, or why there is none. */
function readPart({ key: written, value, isOpen }: FilterPart, subject: FilterSubject): FilterCondition | string {
  if (isOpen) return 'a quotation mark is open here: close it with "';
  if (written === null)
    return value === '' ? 'write a word between the quotation marks' : { kind: 'word', text: value };
  if (written.toLowerCase().startsWith('label.')) return readLabel(written.slice('label.'.length), value);
  const key = written.toLowerCase();
  const known = FILTER_KEYS.find((one) => one.key === key);
  if (known === undefined) {
    return `there is no "${written}:"; possible are ${listed(keysOf(subject))}, or in quotation marks a word with a colon`;
  }
  if (known.means[subject] === null) return `"${key}:" is for clusters; possible are ${listed(keysOf(subject))}`;
  if (value === '') return `write what "${key}:" is to be${known.values.length > 0 ? `: ${listed(known.values)}` : ''}`;
  return readValue(key, value);
}

function readValue(key: string, value: string): FilterCondition | string {
  const word = value.toLowerCase();
  const count = COUNTS.find((one) => one === key);
  if (count !== undefined) return readCount(count, word);
  switch (key) {
    case 'state': {
      const state = STATES.find((one) => one === word);
      return state === undefined ? `no state; possible are ${listed(STATES)}` : { kind: 'state', state };
    }
    case 'cycle':
      return word === 'active' || word === 'none' || word === 'paused'
        ? { kind: 'cycle', cycle: word }
        : 'possible are active, paused and none';
    case 'version': {
      const read = readNumber(word.replace(/^([<>]=?|=)?v/, '$1'));
      return read === null ? 'a version is a number, such as 3 or <3' : { kind: 'version', ...read };
    }
    case 'age':
    case 'drift': {
      const read = readDuration(word);
      return read === null ? `a time as in ${key}:>10m or ${key}:<3d, in s, m, h or d` : { kind: key, ...read };
    }
    case 'zone':
      return { kind: 'zone', zone: value };
    default:
      return { kind: 'environment', name: value };
  }
}

function readLabel(key: string, value: string): FilterCondition | string {
  if (key === '' || value === '') return 'a label is written as in label.team:payments';
  return { kind: 'label', key, value };
}

function readCount(key: CountKey, word: string): FilterCondition | string {
  if (word === 'yes') return { kind: 'count', key, compare: '>', value: 0 };
  if (word === 'no') return { kind: 'count', key, compare: '=', value: 0 };
  const read = readNumber(word);
  return read === null ? `a number, such as >0, <=5 or 3, or yes or no` : { kind: 'count', key, ...read };
}

/** Numbers above are none of ours, and the database would not take them. */
const LARGEST = 1_000_000_000;

function readNumber(text: string): { compare: Comparison; value: number } | null {
  const [, sign, digits] = /^(<=|>=|<|>|=)?(\d+)$/.exec(text) ?? [];
  const value = Number(digits);
  return digits === undefined || value > LARGEST ? null : { compare: comparison(sign), value };
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `>10m`, `<1h30m`; with a sign, because nothing is of one age exactly. */
function readDuration(text: string): { compare: Comparison; ms: number } | null {
  const [, sign, length = ''] = /^(<=|>=|<|>)((?:\d+(?:s|min|m|h|d))+)$/.exec(text) ?? [];
  if (sign === undefined) return null;
  let ms = 0;
  for (const [, digits, unit = ''] of length.matchAll(/(\d+)(min|[smhd])/g)) ms += Number(digits) * (UNITS[unit] ?? 0);
  return ms > LARGEST * 1_000 ? null : { compare: comparison(sign), ms };
}

function comparison(sign: string | undefined): Comparison {
  return sign === '>' || sign === '>=' || sign === '<' || sign === '<=' ? sign : '=';
}

function keysOf(subject: FilterSubject): readonly string[] {
  return FILTER_KEYS.filter(({ means }) => means[subject] !== null).map(({ key }) =>
    key === 'label.' ? 'label.<name>:' : `${key}:`,
  );
}

function listed(words: readonly string[]): string {
  const [last, ...others] = words.toReversed();
  return others.length === 0 ? (last ?? '') : `${others.toReversed().join(', ')} and ${last}`;
}
