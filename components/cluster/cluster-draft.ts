import type { z } from 'zod';
import { formatSeconds, parseDuration } from '@/components/plan/duration-text';
import { readJson } from '@/components/spec/spec-text';
import type { EnvironmentKind } from '@/server/contract/cluster.ts';
import { type ClusterView, declareClusterSchema } from '@/server/contract/cluster.ts';
import { specSchemaOf } from '@/server/contract/spec-schemas.ts';
import type { CyclePolicy, DrainTimeoutRule, ProtectRule } from '@/server/domain/cycle/policy.ts';
import { canonical } from '@/server/domain/instance/canonical.ts';
import type { Json } from '@/server/domain/instance/plugin.ts';

/** A declaration as it is typed. Names are those of the contract, so that what is wrong is said beside its field. */
export interface ClusterDraft {
  readonly environmentId: string;
  readonly name: string;
  /** `team=web, tier=2` */
  readonly labels: string;
  /** JSON */
  readonly spec: string;
  readonly minSize: string;
  readonly targetSize: string;
  readonly maxSize: string;
  readonly drainTimeoutMs: string;
  /** Whether the cluster stores a policy of its own. */
  readonly hasPolicy: boolean;
  readonly policy: PolicyDraft;
}

export interface PolicyDraft {
  readonly surge: string;
  readonly maxUnavailable: string;
  readonly batch: string;
  readonly canary: string;
  readonly bakeMs: string;
  readonly minHealthyMs: string;
  /** `unhealthy, oldest` */
  readonly order: string;
  readonly protect: ProtectRule | '';
  readonly onDrainTimeout: DrainTimeoutRule | '';
}

/** What is wrong, by the dotted path of the field. */
export type FieldErrors = Readonly<Record<string, string>>;

export interface Declaration {
  readonly environmentId: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Json;
  readonly minSize: number;
  readonly targetSize: number;
  readonly maxSize: number;
  readonly policy: CyclePolicy | null;
  readonly drainTimeoutMs: number;
}

export function draftOf(cluster: ClusterView): ClusterDraft {
  return {
    environmentId: cluster.environment.id,
    name: cluster.name,
    labels: Object.entries(cluster.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(', '),
    spec: JSON.stringify(cluster.spec, null, 2),
    minSize: String(cluster.minSize),
    targetSize: String(cluster.targetSize),
    maxSize: String(cluster.maxSize),
    drainTimeoutMs: formatSeconds(cluster.drainTimeoutMs / 1_000),
    hasPolicy: cluster.storedPolicy !== null,
    policy: policyDraftOf(cluster.effectivePolicy),
  };
}

export function policyDraftOf(policy: CyclePolicy): PolicyDraft {
  const count = (value: number | undefined) => (value === undefined ? '' : String(value));
  const duration = (ms: number | undefined) => (ms === undefined ? '' : formatSeconds(ms / 1_000));
  return {
    surge: count(policy.surge),
    maxUnavailable: count(policy.maxUnavailable),
    batch: count(policy.batch),
    canary: count(policy.canary),
    bakeMs: duration(policy.bakeMs),
    minHealthyMs: duration(policy.minHealthyMs),
    order: policy.order?.join(', ') ?? '',
    protect: policy.protect ?? '',
    onDrainTimeout: policy.onDrainTimeout ?? '',
  };
}

/** The declaration, or what is wrong with the draft: by the rules of the contract, with the words of a form. */
export function readDraft(
  draft: ClusterDraft,
  kind: EnvironmentKind,
): { value: Declaration } | { errors: FieldErrors } {
  const errors: Record<string, string> = {};
  const given = {
    environmentId: draft.environmentId,
    name: draft.name,
    labels: read(errors, 'labels', () => labelsOf(draft.labels)),
    spec: read(errors, 'spec', () => readJson(draft.spec)),
    minSize: read(errors, 'minSize', () => wholeNumber(draft.minSize)),
    targetSize: read(errors, 'targetSize', () => wholeNumber(draft.targetSize)),
    maxSize: read(errors, 'maxSize', () => wholeNumber(draft.maxSize)),
    drainTimeoutMs: read(errors, 'drainTimeoutMs', () => milliseconds(draft.drainTimeoutMs)),
    policy: draft.hasPolicy ? givenPolicy(errors, draft.policy) : null,
  };
  const parsed = declareClusterSchema.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) errors[fieldOf(issue.path)] ??= words(issue);
  for (const [field, message] of Object.entries(specErrors(given.spec, kind))) errors[field] ??= message;
  return parsed.success && Object.keys(errors).length === 0 ? { value: parsed.data } : { errors };
}

function givenPolicy(errors: Record<string, string>, draft: PolicyDraft) {
  const optional = (
    field: 'surge' | 'maxUnavailable' | 'batch' | 'canary' | 'bakeMs' | 'minHealthyMs',
    parse: (text: string) => number,
  ) => (draft[field].trim() === '' ? undefined : read(errors, `policy.${field}`, () => parse(draft[field])));
  const order = draft.order.split(/[\s,]+/).filter((word) => word !== '');
  return {
    surge: optional('surge', wholeNumber),
    maxUnavailable: optional('maxUnavailable', wholeNumber),
    batch: optional('batch', wholeNumber),
    canary: optional('canary', wholeNumber),
    bakeMs: optional('bakeMs', milliseconds),
    minHealthyMs: optional('minHealthyMs', milliseconds),
    order: order.length === 0 ? undefined : order,
    protect: draft.protect === '' ? undefined : draft.protect,
    onDrainTimeout: draft.onDrainTimeout === '' ? undefined : draft.onDrainTimeout,
  };
}

/** Entries of a list are said to be wrong beside the list. */
function fieldOf(path: readonly PropertyKey[]): string {
  return path.filter((part) => typeof part !== 'number').join('.');
}

/** The contract's own words where it has some; zod's are for programmers. */
function words(issue: z.core.$ZodIssue): string {
  if (!/^(Too|Invalid)/.test(issue.message)) return issue.message;
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? 'something is needed here' : `at least ${issue.minimum}`;
  if (issue.code === 'too_big')
    return issue.origin === 'string' ? `at most ${issue.maximum} characters` : `at most ${issue.maximum}`;
  if (issue.code === 'invalid_type' && (issue.expected === 'number' || issue.expected === 'int'))
    return 'a whole number';
  if (issue.code === 'invalid_value') return `only ${issue.values.join(', ')}`;
  return issue.message;
}

/** What the back end cannot use in a spec. */
export function specErrors(spec: unknown, kind: EnvironmentKind): FieldErrors {
  if (spec === undefined) return {};
  const schema = specSchemaOf(kind);
  if (schema === null) return isObject(spec) ? {} : { spec: 'an object, for example { "image": "checkout-api:1.4" }' };
  const errors: Record<string, string> = {};
  for (const issue of schema.safeParse(spec).error?.issues ?? []) {
    errors[['spec', fieldOf(issue.path)].filter((part) => part !== '').join('.')] ??= words(issue);
  }
  return errors;
}

/** What of a declaration differs from what is declared, by the names of the contract. */
export function changesOf(
  cluster: ClusterView,
  { labels, spec, minSize, targetSize, maxSize, policy, drainTimeoutMs }: Declaration,
) {
  const differs = (before: unknown, after: unknown) => canonical(before) !== canonical(after);
  return {
    ...(differs(cluster.labels, labels) && { labels }),
    ...(differs(cluster.spec, spec) && { spec }),
    ...(cluster.minSize !== minSize && { minSize }),
    ...(cluster.targetSize !== targetSize && { targetSize }),
    ...(cluster.maxSize !== maxSize && { maxSize }),
    ...(differs(cluster.storedPolicy, policy) && { policy }),
    ...(cluster.drainTimeoutMs !== drainTimeoutMs && { drainTimeoutMs }),
  };
}

/** How many of its instances are outdated when this is its spec. Going back to an earlier spec makes some current. */
export function outdatedWith(cluster: ClusterView, spec: Json): number {
  const wanted = canonical(spec);
  const known = [
    { spec: cluster.present.spec, instances: cluster.size - cluster.outdated },
    ...cluster.outdatedConfigs.map(({ config, instances }) => ({ spec: config.spec, instances })),
  ];
  const current = known.find((one) => canonical(one.spec) === wanted)?.instances ?? 0;
  return cluster.size - current;
}

function read<Value>(errors: Record<string, string>, field: string, parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    errors[field] = error instanceof Error ? error.message : String(error);
    return undefined;
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text.trim())) throw new Error('a whole number');
  return Number(text);
}

function milliseconds(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === null) throw new Error('a duration, such as 90 s or 15 min');
  return seconds * 1_000;
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => {
        const [, key, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(part) ?? [];
        if (key === undefined || value === undefined)
          throw new Error(`name=value, separated by commas; ${part} has no value`);
        return [key, value];
      }),
  );
}

function isObject(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
