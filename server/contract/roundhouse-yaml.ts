import { stringify } from 'yaml';
import { z } from 'zod';
import { type CyclePolicy, DEFAULT_DRAIN_TIMEOUT_MS } from '../domain/cycle/policy.ts';
import { durationWords, readDurationWords } from '../domain/installation/duration-words.ts';
import {
  type ClusterDeclaration,
  type ClusterName,
  type EnvironmentDeclaration,
  fullName,
  type Installation,
} from '../domain/installation/installation.ts';
import { canonical } from '../domain/instance/canonical.ts';
import type { Json } from '../domain/instance/plugin.ts';
import {
  clusterNameSchema,
  clusterSizesSchema,
  declareClusterSchema,
  environmentKinds,
  jsonSchema,
} from './cluster.ts';
import { keepDigest } from './docker-spec.ts';
import { updateEnvironmentSchema } from './environment.ts';
import { neededSettings, saidSettings, settingsSchemas, wholeSettings } from './environment-settings.ts';
import { policySchema } from './policy.ts';
import { readYaml, type YamlProblem } from './read-yaml.ts';
import { isStorable, UNSTORABLE } from './session.ts';
import { specSchemaOf } from './spec-schemas.ts';

// For the server alone: a page sends the text and is told what it says.

/** What a `roundhouse.yaml` declares, or everything that is wrong with it. docs/configuration.md describes the format. */
export function readInstallation(
  text: string,
):
  | { readonly installation: Installation; readonly problems: readonly [] }
  | { readonly installation: null; readonly problems: readonly YamlProblem[] } {
  const { value, problems } = readYaml(text, fileSchema, { merge: true });
  return value === null ? { installation: null, problems } : { installation: value, problems: [] };
}

/** One line for each, for a person at a terminal. */
export function problemLines(file: string, problems: readonly YamlProblem[]): string[] {
  return problems.map(({ path, line, message }) => {
    const where = line === null ? file : `${file}:${line}`;
    return path === '' ? `${where}: ${message}.` : `${where}: ${path}: ${message}.`;
  });
}

/**
 * A spec with everything that its defaults say, and with the digest that is stored for the tag that it follows: neither
 * writing a default nor leaving out or keeping a digest that a worker has written makes another configuration.
 */
export function wholeSpec(kind: string, spec: Json, stored: Json = spec): Json {
  const whole = specSchemaOf(kind)?.safeParse(spec).data ?? spec;
  return kind === 'docker' ? keepDigest(whole, stored) : whole;
}

const SECRETS = 'secrets never stand in this file: set them under Sessions, Secrets and configs, and name them there';

/** Refuses other keys, and says which there are. */
function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      if (issue.keys.some((key) => /secret/i.test(key))) return SECRETS;
      return `is no field that we know; here may stand ${Object.keys(shape).join(', ')}`;
    },
  });
}

/** A key without a value is written for what comes later. */
const members = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? {}, z.record(z.string(), schema));

const duration = z
  .preprocess((value) => (value === 0 ? '0' : value), z.string('write a duration, such as 15m or 1h30m'))
  .transform((text, context) => {
    const ms = readDurationWords(text);
    if (ms !== null && ms <= 7 * 24 * 3_600_000) return ms;
    context.addIssue(ms === null ? `${JSON.stringify(text)} is no duration; write 90s, 15m or 1h30m` : 'at most 7d');
    return z.NEVER;
  });

const { surge, maxUnavailable, batch, canary, order, protect, onDrainTimeout } = policySchema.shape;
const filePolicySchema = strict({
  surge,
  maxUnavailable,
  batch,
  canary,
  bake: duration.optional(),
  order,
  protect,
  onDrainTimeout,
  minHealthy: duration.optional(),
}).transform(({ bake, minHealthy, ...policy }): CyclePolicy => {
  const milliseconds = {
    ...(bake === undefined ? {} : { bakeMs: bake }),
    ...(minHealthy === undefined ? {} : { minHealthyMs: minHealthy }),
  };
  return { ...given(policy), ...milliseconds };
});

/** The name of a policy, or one of its own. */
const policyOrNameSchema = z.unknown().transform((value, context): string | CyclePolicy => {
  if (typeof value === 'string') return value;
  const read = filePolicySchema.safeParse(value);
  if (read.success) return read.data;
  for (const problem of problemsOf(read.error)) context.addIssue({ code: 'custom', ...problem });
  return z.NEVER;
});

const { labels, minSize: size } = declareClusterSchema.shape;
const sizesSchema = strict({ min: size, target: size, max: size }).superRefine(({ min, target, max }, context) => {
  const read = clusterSizesSchema.safeParse({ minSize: min, targetSize: target, maxSize: max });
  for (const { path, message } of read.error?.issues ?? []) {
    context.addIssue({ code: 'custom', path: path.map((key) => String(key).replace('Size', '')), message });
  }
});

const clusterSchema = strict({
  absent: z.literal(true, 'write true, or leave the field away').optional(),
  spec: jsonSchema
    .pipe(z.record(z.string(), z.json(), 'write a map, for example { image: "checkout:1.4" }'))
    .optional(),
  sizes: sizesSchema.optional(),
  labels: labels.unwrap().optional(),
  policy: policyOrNameSchema.optional(),
  drainTimeout: duration.optional(),
}).superRefine((cluster, context) => {
  const wrong = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
  if (cluster.absent === undefined) {
    if (cluster.spec === undefined) wrong('spec', 'is missing: what each instance runs');
    if (cluster.sizes === undefined) wrong('sizes', 'is missing: write { min: 3, target: 4, max: 5 }');
    return;
  }
  for (const key of Object.keys(given(cluster))) {
    if (key !== 'absent') wrong(key, 'says nothing of a cluster that is to be absent: leave it away');
  }
});
type FileCluster = z.output<typeof clusterSchema>;

const { selfApproval, approvalsNeeded, maxActiveCycles } = updateEnvironmentSchema.shape;
const environmentSchema = strict({
  kind: z.enum(environmentKinds),
  selfApproval: selfApproval.default(false),
  approvalsNeeded: approvalsNeeded.default(1),
  maxActiveCycles: maxActiveCycles.default(null),
  ...z.object(settingsSchemas).partial().shape,
  clusters: members(clusterSchema),
}).superRefine(({ kind, ...said }, context) => {
  const settings = settingsSaid(said);
  for (const key of Object.keys(settings)) {
    if (key === kind) continue;
    context.addIssue({ code: 'custom', path: [key], message: `is for the kind ${key}, and this is ${kind}` });
  }
  const needed = neededSettings(kind);
  if (needed !== null && settings[kind] === undefined) {
    context.addIssue({ code: 'custom', path: [], message: `write ${kind}: ${needed}` });
  }
});

/** What stands under the name of a kind, by that name; whatever else is said is left out. */
function settingsSaid(said: { readonly [Kind in keyof typeof settingsSchemas]?: Json | undefined }) {
  const members = Object.entries(said).flatMap(([key, value]): [string, Json][] =>
    key in settingsSchemas && value !== undefined ? [[key, value]] : [],
  );
  return Object.fromEntries<Json>(members);
}

interface Problem {
  readonly path: PropertyKey[];
  readonly message: string;
}

const fileSchema = strict({
  version: z.literal(1, 'write 1: there is no other version of the format yet'),
  policies: members(filePolicySchema),
  environments: members(environmentSchema),
  clusters: members(clusterSchema),
})
  .superRefine((file, context) => {
    const problems = [...nameProblems(file), ...clustersOf(file).flatMap((cluster) => clusterProblems(cluster, file))];
    for (const problem of problems) context.addIssue({ code: 'custom', ...problem });
  })
  .transform((file): Installation => {
    const clusters = clustersOf(file);
    return {
      environments: Object.entries(file.environments).map(
        ([name, { kind, selfApproval, approvalsNeeded, maxActiveCycles, ...said }]) => ({
          name,
          kind,
          settings: wholeSettings(kind, settingsSaid(said)[kind] ?? {}),
          selfApproval,
          approvalsNeeded,
          maxActiveCycles,
        }),
      ),
      clusters: clusters.flatMap((cluster) => declarationOf(cluster, file)),
      absent: clusters.filter(({ said }) => said.absent).map(({ environment, name }) => ({ environment, name })),
    };
  });

interface RoundhouseFile {
  readonly policies: Readonly<Record<string, CyclePolicy>>;
  readonly environments: Readonly<Record<string, z.output<typeof environmentSchema>>>;
  readonly clusters: Readonly<Record<string, FileCluster>>;
}

interface PlacedCluster extends ClusterName {
  readonly path: readonly string[];
  readonly said: FileCluster;
}

/** Those beneath an environment, and those that name theirs. */
function clustersOf({ environments, clusters }: RoundhouseFile): PlacedCluster[] {
  return [
    ...Object.entries(environments).flatMap(([environment, { clusters }]) =>
      Object.entries(clusters).map(([name, said]) => ({
        environment,
        name,
        said,
        path: ['environments', environment, 'clusters', name],
      })),
    ),
    ...Object.entries(clusters).map(([key, said]) => {
      const [environment = '', ...name] = key.split('/');
      return { environment, name: name.join('/'), said, path: ['clusters', key] };
    }),
  ];
}

function nameProblems(file: RoundhouseFile): Problem[] {
  const names = [
    ...Object.keys(file.environments).map((name) => ({ names: [name], path: ['environments', name] })),
    ...clustersOf(file).map(({ environment, name, path }) => ({ names: [environment, name], path })),
  ];
  return names.flatMap(({ names, path }) => {
    if (path[0] === 'clusters' && names[1] === '')
      return [{ path: [...path], message: 'write environment/name, or put it beneath its environment' }];
    return names.flatMap((name) => {
      const issue = clusterNameSchema.safeParse(name).error?.issues[0];
      return issue === undefined ? [] : [{ path: [...path], message: `a name has ${issue.message}` }];
    });
  });
}

function clusterProblems(cluster: PlacedCluster, file: RoundhouseFile): Problem[] {
  const { path, said, environment } = cluster;
  const problems: Problem[] = [];
  const first = clustersOf(file).find((one) => fullName(one) === fullName(cluster));
  if (first !== undefined && first.path.join() !== path.join()) {
    problems.push({ path: [...path], message: `${fullName(cluster)} stands twice in this file` });
  }
  if (typeof said.policy === 'string' && !Object.hasOwn(file.policies, said.policy)) {
    const known = Object.keys(file.policies).join(', ');
    const right = known === '' ? 'this file has none; write it under policies' : `there are ${known}`;
    problems.push({
      path: [...path, 'policy'],
      message: `there is no policy ${JSON.stringify(said.policy)}: ${right}`,
    });
  }
  if (said.spec !== undefined) {
    problems.push(
      ...secretPaths(said.spec, [...path, 'spec']).map((path) => ({
        path,
        message: `looks like a secret, and ${SECRETS}`,
      })),
    );
    problems.push(...specProblems(file.environments[environment]?.kind ?? '', said.spec, path));
  }
  problems.push(...unstorable({ spec: said.spec ?? null, labels: said.labels ?? {} }, [...path]));
  return problems;
}

function specProblems(kind: string, spec: Json, path: readonly string[]): Problem[] {
  const schema = specSchemaOf(kind);
  const error = schema?.safeParse(spec).error;
  if (schema === null || error === undefined) return [];
  const known = Object.keys(schema.shape).join(', ');
  return problemsOf(error, `is no field that we know; here may stand ${known}`).map((problem) => ({
    ...problem,
    path: [...path, 'spec', ...problem.path],
  }));
}

/** Each key that is not known is a problem of its own. */
function problemsOf({ issues }: z.ZodError, unknownKey?: string): Problem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: [...issue.path], message: issue.message }];
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey ?? issue.message }));
  });
}

/** `API_TOKEN: abc` and a private key are refused; `TOKEN_FILE: /run/token` and `token: ""` say no secret. */
function secretPaths(value: Json, path: PropertyKey[]): PropertyKey[][] {
  if (typeof value === 'string') {
    const named =
      /(^|[^a-z])(password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credentials?)$/i;
    const isSecret =
      value !== '' && (named.test(words(String(path.at(-1)))) || /-----BEGIN [A-Z ]*PRIVATE KEY/.test(value));
    return isSecret ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    secretPaths(one, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** `clientSecret` as `client_secret`. */
function words(key: string): string {
  return key.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
}

function unstorable(value: Json, path: PropertyKey[]): Problem[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ path, message: UNSTORABLE }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    isStorable(key)
      ? unstorable(one, [...path, Array.isArray(value) ? Number(key) : key])
      : [{ path, message: UNSTORABLE }],
  );
}

function declarationOf({ environment, name, said }: PlacedCluster, { policies }: RoundhouseFile): ClusterDeclaration[] {
  const { spec, sizes, policy } = said;
  if (spec === undefined || sizes === undefined) return [];
  return [
    {
      environment,
      name,
      labels: said.labels ?? {},
      spec,
      minSize: sizes.min,
      targetSize: sizes.target,
      maxSize: sizes.max,
      policy: (typeof policy === 'string' ? policies[policy] : policy) ?? null,
      drainTimeoutMs: said.drainTimeout ?? DEFAULT_DRAIN_TIMEOUT_MS,
    },
  ];
}

/**
 * The same as a text, with everything left out that says what is so anyway; a policy of several clusters gets a name.
 * A cluster whose spec holds what looks like a secret is left out, and named.
 */
export function writeInstallation({ environments, clusters, absent }: Installation): {
  readonly text: string;
  readonly leftOut: readonly string[];
} {
  const leftOut = clusters.filter(({ spec }) => secretPaths(spec, []).length > 0);
  const written = clusters.filter((cluster) => !leftOut.includes(cluster));
  const policies = sharedPolicies(written);
  const said = [
    ...written.map((cluster) => ({ cluster, said: saidCluster(cluster, policies) })),
    ...absent.map((cluster) => ({ cluster, said: { absent: true } })),
  ];
  const within = new Set(environments.map(({ name }) => name));
  const elsewhere = said.filter(({ cluster }) => !within.has(cluster.environment));
  const file = {
    version: 1,
    ...filled(
      'policies',
      Object.fromEntries([...policies.values()].map(({ name, policy }) => [name, saidPolicy(policy)])),
    ),
    ...filled(
      'environments',
      Object.fromEntries(
        environments.map((environment) => [
          environment.name,
          {
            ...saidEnvironment(environment),
            ...filled(
              'clusters',
              Object.fromEntries(
                said
                  .filter(({ cluster }) => cluster.environment === environment.name)
                  .map(({ cluster, said }) => [cluster.name, said]),
              ),
            ),
          },
        ]),
      ),
    ),
    ...filled('clusters', Object.fromEntries(elsewhere.map(({ cluster, said }) => [fullName(cluster), said]))),
  };
  const names = leftOut.map(fullName);
  const note = names.map((name) => `# Left out: ${name}, whose spec holds what looks like a secret.\n`).join('');
  return { text: note + stringify(file, { lineWidth: 0, aliasDuplicateObjects: false }), leftOut: names };
}

type SharedPolicies = ReadonlyMap<string, { readonly name: string; readonly policy: CyclePolicy }>;

/** The policies of at least two clusters, by what they say. */
function sharedPolicies(clusters: readonly ClusterDeclaration[]): SharedPolicies {
  const policies = clusters.flatMap(({ policy }) => (policy === null ? [] : [policy]));
  const keys = policies.map(canonical);
  const shared = new Map(
    policies.flatMap((policy, index) => {
      const key = keys[index] ?? '';
      return keys.indexOf(key) === keys.lastIndexOf(key) ? [] : [[key, policy] as const];
    }),
  );
  return new Map([...shared].map(([key, policy], index) => [key, { name: `policy-${index + 1}`, policy }]));
}

function saidEnvironment({ kind, settings, selfApproval, approvalsNeeded, maxActiveCycles }: EnvironmentDeclaration) {
  return {
    kind,
    ...(selfApproval ? { selfApproval } : {}),
    ...(approvalsNeeded === 1 ? {} : { approvalsNeeded }),
    ...(maxActiveCycles === null ? {} : { maxActiveCycles }),
    ...filled(kind, saidSettings(kind, settings)),
  };
}

function saidCluster(cluster: ClusterDeclaration, policies: SharedPolicies) {
  const { spec, minSize, targetSize, maxSize, labels, policy, drainTimeoutMs } = cluster;
  return {
    spec,
    sizes: { min: minSize, target: targetSize, max: maxSize },
    ...filled('labels', labels),
    ...(policy === null ? {} : { policy: policies.get(canonical(policy))?.name ?? saidPolicy(policy) }),
    ...(drainTimeoutMs === DEFAULT_DRAIN_TIMEOUT_MS ? {} : { drainTimeout: durationWords(drainTimeoutMs) }),
  };
}

function saidPolicy(policy: CyclePolicy) {
  const { surge, maxUnavailable, batch, canary, bakeMs, order, protect, onDrainTimeout, minHealthyMs } = policy;
  const words = (ms: number | undefined) => (ms === undefined ? undefined : durationWords(ms));
  return given({
    ...{ surge, maxUnavailable, batch, canary, bake: words(bakeMs), order },
    ...{ protect, onDrainTimeout, minHealthy: words(minHealthyMs) },
  });
}

function filled(key: string, value: object) {
  return Object.keys(value).length === 0 ? {} : { [key]: value };
}

/** Without the members that are undefined. */
function given<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
