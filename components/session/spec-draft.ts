import type { z } from 'zod';
import { sessionSpecSchema } from '../../server/contract/session.ts';
import type {
  ComponentKind,
  ComponentSpec,
  SessionSpec,
  SessionTimeouts,
} from '../../server/domain/session/session.ts';
import { formatSeconds, parseDuration } from '../plan/duration-text.ts';
import { readJson } from '../spec/spec-text.ts';

/** One component as it is typed. */
export interface ComponentDraft {
  readonly name: string;
  readonly kind: ComponentKind;
  readonly pool: string;
  readonly image: string;
  /** One argument a line. */
  readonly command: string;
  /** `NAME=value` a line. */
  readonly env: string;
  /** `http, admin:8080`; a port without a number is picked by the machine. */
  readonly ports: string;
  /** The name of a port; empty = no probe. */
  readonly probePort: string;
  readonly probePath: string;
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
}

/** A spec as it is typed. Names are those of the contract, so that what is wrong is said beside its field. */
export interface SpecDraft {
  readonly name: string;
  readonly components: readonly ComponentDraft[];
  /** JSON */
  readonly scenario: string;
  /** `90 s`, `15 min`; empty = none. */
  readonly timeouts: Readonly<Record<keyof SessionTimeouts, string>>;
  /** `team=web, tier=2` */
  readonly labels: string;
  readonly priority: string;
}

/** What is wrong, by the dotted path of the field: `components.0.pool`. */
export type SpecErrors = Readonly<Record<string, string>>;

export interface ReadDraft {
  /** Null while something is wrong. */
  readonly spec: SessionSpec | null;
  readonly errors: SpecErrors;
  /** What was typed as far as it can be read, for YAML; null where a text cannot be read at all. */
  readonly rough: SessionSpec | null;
}

export const emptyComponent: ComponentDraft = {
  name: '',
  kind: 'client',
  pool: '',
  image: '',
  command: '',
  env: '',
  ports: '',
  probePort: '',
  probePath: '',
  secrets: [],
  configs: [],
};

export const emptySpec: SpecDraft = {
  name: '',
  components: [{ ...emptyComponent, name: 'driver', kind: 'driver' }],
  scenario: '{}',
  timeouts: { queueMs: '', provisionMs: '', testMs: '' },
  labels: '',
  priority: '0',
};

export function draftOf(spec: SessionSpec): SpecDraft {
  const duration = (ms: number) => (ms === 0 ? '' : formatSeconds(Math.round(ms / 1_000)));
  return {
    name: spec.name,
    components: spec.components.map(draftOfComponent),
    scenario: JSON.stringify(spec.scenario, null, 2),
    timeouts: {
      queueMs: duration(spec.timeouts.queueMs),
      provisionMs: duration(spec.timeouts.provisionMs),
      testMs: duration(spec.timeouts.testMs),
    },
    labels: pairs(spec.labels).join(', '),
    priority: String(spec.priority),
  };
}

function draftOfComponent({ name, kind, pool, image, command, env, ports, probe, secrets, configs }: ComponentSpec) {
  return {
    name,
    kind,
    pool,
    image: image ?? '',
    command: command.join('\n'),
    env: pairs(env).join('\n'),
    ports: ports.map((port) => (port.port === 0 ? port.name : `${port.name}:${port.port}`)).join(', '),
    probePort: probe?.port ?? '',
    probePath: probe?.path ?? '',
    secrets,
    configs,
  };
}

/** The spec, or what is wrong with the draft: by the rules of the contract. */
export function readDraft(draft: SpecDraft): ReadDraft {
  const errors: Record<string, string> = {};
  const given: SessionSpec = {
    name: draft.name,
    components: draft.components.map((component, index) => givenComponent(errors, `components.${index}`, component)),
    scenario: read(errors, 'scenario', () => readJson(draft.scenario.trim() === '' ? '{}' : draft.scenario), {}),
    timeouts: {
      queueMs: read(errors, 'timeouts.queueMs', () => milliseconds(draft.timeouts.queueMs), 0),
      provisionMs: read(errors, 'timeouts.provisionMs', () => milliseconds(draft.timeouts.provisionMs), 0),
      testMs: read(errors, 'timeouts.testMs', () => milliseconds(draft.timeouts.testMs), 0),
    },
    labels: read(errors, 'labels', () => pairsOf(draft.labels.split(',')), {}),
    priority: read(errors, 'priority', () => wholeNumber(draft.priority), 0),
  };
  const isReadable = Object.keys(errors).length === 0;
  const parsed = sessionSpecSchema.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) errors[fieldOf(issue.path)] ??= words(issue);
  const spec = Object.keys(errors).length === 0 && parsed.success ? parsed.data : null;
  return { spec, errors, rough: isReadable ? given : null };
}

function givenComponent(errors: Record<string, string>, path: string, draft: ComponentDraft): ComponentSpec {
  const { name, kind, pool, image, command, env, ports, probePort, probePath, secrets, configs } = draft;
  return {
    name,
    kind,
    pool,
    image: image.trim() === '' ? null : image.trim(),
    command: command.split('\n').filter((argument) => argument !== ''),
    env: read(errors, `${path}.env`, () => pairsOf(env.split('\n')), {}),
    ports: read(errors, `${path}.ports`, () => portsOf(ports), []),
    probe: probePort === '' ? null : { port: probePort, path: probePath.trim() === '' ? null : probePath.trim() },
    secrets,
    configs,
  };
}

/** A free name for one more component of a kind: `client-3`. */
export function nextName(kind: ComponentKind, components: readonly ComponentDraft[]): string {
  const taken = new Set(components.map(({ name }) => name));
  if (kind === 'driver' && !taken.has('driver')) return 'driver';
  for (let number = 1; ; number += 1) if (!taken.has(`${kind}-${number}`)) return `${kind}-${number}`;
}

/** How many machines of which pools are wanted, as far as pools are named. */
export function wantsOfDraft(components: readonly ComponentDraft[]): { pool: string; count: number }[] {
  const pools = components.map(({ pool }) => pool.trim()).filter((pool) => pool !== '');
  return [...new Set(pools)].map((pool) => ({ pool, count: pools.filter((one) => one === pool).length }));
}

/** The names of the ports that are typed, for the choice of the one to probe. */
export function portNames(ports: string): readonly string[] {
  return ports
    .split(',')
    .map((port) => port.split(':')[0]?.trim() ?? '')
    .filter((name) => name !== '');
}

/** A part of a field is said to be wrong beside the field: `components.0.ports.1.name` beside the ports. */
function fieldOf(path: readonly PropertyKey[]): string {
  const depth = path[0] === 'components' ? 3 : path[0] === 'timeouts' ? 2 : 1;
  return path.slice(0, depth).join('.');
}

/** The contract's own words where it has some; zod's are for programmers. */
function words(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (!/^(Too|Invalid)/.test(issue.message)) return issue.message;
  const unit = 'origin' in issue && issue.origin === 'string' ? ' characters' : '';
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unit}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unit}`;
  return issue.message;
}

function read<Value>(errors: Record<string, string>, field: string, parse: () => Value, otherwise: Value): Value {
  try {
    return parse();
  } catch (error) {
    errors[field] = error instanceof Error ? error.message : String(error);
    return otherwise;
  }
}

function milliseconds(text: string): number {
  if (/^(none|0)?$/i.test(text.trim())) return 0;
  const seconds = parseDuration(text);
  if (seconds === null) throw new Error('a duration, such as 90 s or 15 min, or nothing');
  return seconds * 1_000;
}

function wholeNumber(text: string): number {
  if (!/^-?\d{1,6}$/.test(text.trim())) throw new Error('a whole number');
  return Number(text);
}

function portsOf(text: string): ComponentSpec['ports'] {
  const parts = text.split(',').map((part) => part.trim());
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const [, name = '', digits] = /^([^:]*)(?::\s*(\d{1,5}))?$/.exec(part) ?? [];
      if (name === '') throw new Error(`names, or name:number, separated by commas; ${part} is neither`);
      return { name: name.trim(), port: digits === undefined ? 0 : Number(digits) };
    });
}

function pairsOf(parts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    parts
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => {
        const [, key, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(part) ?? [];
        if (key === undefined || value === undefined) throw new Error(`name=value; ${part} has no value`);
        return [key, value];
      }),
  );
}

function pairs(record: Readonly<Record<string, string>>): string[] {
  return Object.entries(record).map(([key, value]) => `${key}=${value}`);
}
