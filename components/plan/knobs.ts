import { formatSeconds, parseDuration } from '@/components/plan/duration-text';
import type { EnvironmentKind } from '@/server/contract/cluster';
import { canUndrain } from '@/server/contract/undraining';
import type { Knobs } from '@/server/domain/approval/plan';
import type { CyclePolicy, DrainTimeoutRule, OrderKey, ProtectRule } from '@/server/domain/cycle/policy';
import type { TaskConfig } from '@/server/domain/cycle/task';

/** The knobs in the order of the form. A knob's name is its key in the address. */
export const knobKeys = [
  'min',
  'target',
  'max',
  'batch',
  'surge',
  'unavailable',
  'drain',
  'timeout',
  'canary',
  'bake',
  'health',
  'protect',
  'order',
] as const;
export type KnobKey = (typeof knobKeys)[number];

/** What the address holds of each knob, as it was typed where it is wrong; null = as the cluster stores it. */
export type RawKnobs = Readonly<Record<KnobKey, string | null>>;

export function eachKnob<Value>(value: (key: KnobKey) => Value): Record<KnobKey, Value> {
  return {
    min: value('min'),
    target: value('target'),
    max: value('max'),
    batch: value('batch'),
    surge: value('surge'),
    unavailable: value('unavailable'),
    drain: value('drain'),
    timeout: value('timeout'),
    canary: value('canary'),
    bake: value('bake'),
    health: value('health'),
    protect: value('protect'),
    order: value('order'),
  };
}

export const storedKnobs: RawKnobs = eachKnob(() => null);

export const knobLabels = {
  min: 'Min in service',
  target: 'Target',
  max: 'Max',
  batch: 'Batch',
  surge: 'Surge beyond target',
  unavailable: 'Max unavailable',
  drain: 'Drain timeout',
  timeout: 'On drain timeout',
  canary: 'Canary',
  bake: 'Canary bakes for',
  health: 'Minimum health',
  protect: 'Protected, standby',
  order: 'Order',
} satisfies Record<KnobKey, string>;

/** What an empty field means: what the planner does where the policy says nothing. */
export const knobNone = {
  ...eachKnob(() => ''),
  batch: 'no limit',
  surge: 'up to max',
  unavailable: 'down to the floor',
  canary: 'none',
  bake: 'not at all',
  health: 'not asked for',
};

export const timeoutRules = {
  pause: 'pause and ask',
  skip: 'skip: back in service',
  force: 'terminate by force',
} satisfies Record<DrainTimeoutRule, string>;

/** The rules for drains that take too long that hold in an environment of the kind. */
export function drainTimeoutRules(kind: EnvironmentKind): readonly DrainTimeoutRule[] {
  return canUndrain(kind) ? ['pause', 'skip', 'force'] : ['pause', 'force'];
}

export const protectRules = {
  skip: 'skip: leave as they are',
  wait: 'wait until it is lifted',
  replace: 'replace them too',
} satisfies Record<ProtectRule, string>;

export const orderWords = {
  unhealthy: 'unhealthy',
  idle: 'idle',
  oldest: 'oldest',
  zones: 'over zones',
} satisfies Record<OrderKey, string>;

const MOST = 100_000;
const LONGEST_S = 7 * 86_400;

type Read<Value> = { readonly value: Value } | { readonly error: string };

interface Knob<Value> {
  /** Reads what a person typed or an address holds. */
  read(text: string): Read<Value>;
  /** As it stands in the address. */
  write(value: Value): string;
  /** As it stands in its field. */
  show(value: Value): string;
}

function count(least: number): Knob<number> {
  return {
    read(text) {
      if (!/^\d+$/.test(text.trim())) return { error: 'a whole number, or empty as stored' };
      const value = Number(text);
      if (value < least) return { error: `at least ${least}` };
      return value > MOST ? { error: `at most ${MOST}` } : { value };
    },
    write: String,
    show: String,
  };
}

/** Milliseconds in the domain, seconds in the address, words in the field. */
const duration: Knob<number> = {
  read(text) {
    const seconds = parseDuration(text);
    if (seconds === null) return { error: 'a duration, such as 90 s or 15 min' };
    return seconds > LONGEST_S ? { error: 'at most 7 d' } : { value: seconds * 1000 };
  },
  write: (ms) => String(ms / 1000),
  show: (ms) => formatSeconds(ms / 1000),
};

function choice<Value extends string>(options: Readonly<Record<Value, string>>): Knob<Value> {
  const isOption = (text: string): text is Value => Object.hasOwn(options, text);
  return {
    read: (text) => (isOption(text) ? { value: text } : { error: `one of ${Object.keys(options).join(', ')}` }),
    write: String,
    show: String,
  };
}

const CLUSTER_ORDER = 'cluster';

const order: Knob<readonly OrderKey[]> = {
  read(text) {
    if (text === CLUSTER_ORDER) return { value: [] };
    const rules = text.split(',');
    const known = rules.filter((rule): rule is OrderKey => Object.hasOwn(orderWords, rule));
    if (new Set(known).size !== rules.length)
      return { error: `each once at most: ${Object.keys(orderWords).join(', ')}` };
    return { value: known };
  },
  write: (rules) => rules.join(',') || CLUSTER_ORDER,
  show: (rules) => rules.join(',') || CLUSTER_ORDER,
};

const size = count(0);

/** Where each knob stands in what a preview is asked, and how it is read and written. */
const table: Readonly<Record<KnobKey, Entry>> = {
  min: inConfig('minSize', size),
  target: inConfig('targetSize', size),
  max: inConfig('maxSize', size),
  drain: inConfig('drainTimeoutMs', duration),
  batch: inPolicy('batch', count(1), ''),
  surge: inPolicy('surge', size, ''),
  unavailable: inPolicy('maxUnavailable', size, ''),
  timeout: inPolicy('onDrainTimeout', choice(timeoutRules), 'force'),
  canary: inPolicy('canary', size, ''),
  bake: inPolicy('bakeMs', duration, ''),
  health: inPolicy('minHealthyMs', duration, ''),
  protect: inPolicy('protect', choice(protectRules), 'replace'),
  order: inPolicy('order', order, CLUSTER_ORDER),
};

interface Entry {
  /** What the text asks for, or what is wrong with it. */
  read(text: string): Read<Knobs>;
  /** As it stands in the address; null where these knobs do not ask for it. */
  write(knobs: Knobs): string | null;
  /** As it stands in its field. */
  show(config: TaskConfig, policy: CyclePolicy): string;
  /** A text as it stands in its field; as it is where it cannot be read. */
  tidy(text: string): string;
}

function inConfig(field: keyof TaskConfig, knob: Knob<number>): Entry {
  return {
    read: (text) => then(knob.read(text), (value) => ({ [field]: value })),
    write: (knobs) => ifThere(knobs[field], knob.write),
    show: (config) => knob.show(config[field]),
    tidy: (text) => tidy(knob, text),
  };
}

/** `absent` stands in the field where the policy says nothing, which is the planner's own behaviour. */
function inPolicy<Field extends keyof CyclePolicy>(
  field: Field,
  knob: Knob<NonNullable<CyclePolicy[Field]>>,
  absent: string,
): Entry {
  return {
    read: (text) => then(knob.read(text), (value) => ({ policy: { [field]: value } })),
    write: (knobs) => ifThere(knobs.policy?.[field], knob.write),
    show: (_config, policy) => ifThere(policy[field], knob.show) ?? absent,
    tidy: (text) => tidy(knob, text),
  };
}

function then<Value>(read: Read<Value>, knobs: (value: Value) => Knobs): Read<Knobs> {
  return 'error' in read ? read : { value: knobs(read.value) };
}

function ifThere<Value>(value: Value, write: (value: NonNullable<Value>) => string): string | null {
  return value === undefined || value === null ? null : write(value);
}

function tidy<Value>(knob: Knob<Value>, text: string): string {
  const read = knob.read(text);
  return 'error' in read ? text : knob.show(read.value);
}

/** What is asked for by the knobs that can be read, and what is wrong with the others. */
export function readKnobs(raw: RawKnobs): {
  readonly knobs: Knobs;
  readonly errors: Readonly<Partial<Record<KnobKey, string>>>;
} {
  let knobs: Knobs = {};
  const errors: Partial<Record<KnobKey, string>> = {};
  for (const key of knobKeys) {
    const text = raw[key];
    // An emptied field stands for what is stored, while something else is being typed into it.
    if (text === null || text.trim() === '') continue;
    const read = table[key].read(text);
    if ('error' in read) errors[key] = read.error;
    else knobs = merge(knobs, read.value);
  }
  return { knobs, errors };
}

function merge(a: Knobs, b: Knobs): Knobs {
  return b.policy === undefined ? { ...a, ...b } : { ...a, policy: { ...a.policy, ...b.policy } };
}

/** What the address is to hold when these knobs are asked for too. */
export function withKnobs(raw: RawKnobs, asked: Knobs): RawKnobs {
  return eachKnob((key) => table[key].write(asked) ?? raw[key]);
}

/** What stands in each field for these values. */
export function shownKnobs(config: TaskConfig, policy: CyclePolicy): Readonly<Record<KnobKey, string>> {
  return eachKnob((key) => table[key].show(config, policy));
}

/** What stands in the field of a knob for what the address holds. */
export function shownKnob(key: KnobKey, raw: string): string {
  return table[key].tidy(raw);
}

/** What stands in a field, in full words. */
export function knobWords(key: KnobKey, shown: string): string {
  if (key === 'order')
    return shown === CLUSTER_ORDER ? 'as the cluster lists them' : shown.split(',').map(orderWord).join(', then ');
  const words: Readonly<Record<string, string>> =
    key === 'timeout' ? timeoutRules : key === 'protect' ? protectRules : {};
  return words[shown] ?? shown;
}

function orderWord(rule: string): string {
  const words: Readonly<Record<string, string>> = orderWords;
  return words[rule] ?? rule;
}

/** What the address is to hold for a typed text; null where it says what is stored. */
export function rawKnob(key: KnobKey, text: string, stored: string): string | null {
  const read = table[key].read(text);
  if ('error' in read) return text;
  return table[key].tidy(text) === stored ? null : table[key].write(read.value);
}
