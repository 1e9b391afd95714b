import { canonical } from '../instance/canonical.ts';
import type { Json } from '../instance/plugin.ts';
import { type SpecChange, specDifference } from '../instance/spec-difference.ts';
import {
  type ClusterDeclaration,
  type ClusterName,
  type ClusterSetting,
  type EnvironmentDeclaration,
  type EnvironmentSetting,
  fullName,
  type Installation,
  type StoredInstallation,
} from './installation.ts';

/** What is done to bring one thing to what the file says. */
export type ConfigStep =
  | { readonly kind: 'create-environment'; readonly environment: EnvironmentDeclaration }
  | {
      readonly kind: 'edit-environment';
      readonly environmentId: string;
      /** The kind. */
      readonly of: string;
      readonly before: Partial<EnvironmentSetting>;
      readonly after: Partial<EnvironmentSetting>;
    }
  | { readonly kind: 'declare-cluster'; readonly cluster: ClusterDeclaration }
  | {
      readonly kind: 'edit-cluster';
      readonly clusterId: string;
      readonly before: Partial<ClusterSetting>;
      readonly after: Partial<ClusterSetting>;
    }
  | { readonly kind: 'remove-cluster'; readonly clusterId: string };

export interface ConfigChange {
  readonly step: ConfigStep;
  /** `demo`, or `demo/checkout`. */
  readonly name: string;
  readonly sentence: string;
  readonly fields: readonly SpecChange[];
  /** Why it cannot be done now; null where it can. */
  readonly held: string | null;
}

export interface ConfigChanges {
  /** In the order in which they are applied. */
  readonly changes: readonly ConfigChange[];
  /** What is stored and not in the file is left as it is. */
  readonly notInFile: readonly string[];
}

/** Each says in words that follow a colon what is not possible here, or null. */
export interface ConfigRules {
  readonly environmentProblem: (kind: string, settings: Json) => string | null;
  readonly specProblem: (kind: string, spec: Json) => string | null;
}

const ENVIRONMENT_FIELDS = ['selfApproval', 'approvalsNeeded', 'maxActiveCycles', 'settings'] as const;
const CLUSTER_FIELDS = ['labels', 'spec', 'minSize', 'targetSize', 'maxSize', 'policy', 'drainTimeoutMs'] as const;

/** What has to be done so that what is stored is what is declared. Nothing where it is so already. */
export function configChanges(declared: Installation, stored: StoredInstallation, rules: ConfigRules): ConfigChanges {
  const environments = declared.environments.flatMap((environment) => environmentChange(environment, stored, rules));
  const kinds = new Map([...declared.environments, ...stored.environments].map(({ name, kind }) => [name, kind]));
  const held = new Map(
    environments.flatMap(({ step, name, held }) => (step.kind === 'create-environment' ? [[name, held] as const] : [])),
  );
  const kindOf = (name: string) => ({ kind: kinds.get(name) ?? null, held: held.get(name) ?? null });
  return {
    changes: [
      ...environments,
      ...declared.clusters.flatMap((cluster) => clusterChange(cluster, stored, kindOf(cluster.environment), rules)),
      ...declared.absent.flatMap((cluster) => removal(cluster, stored)),
    ],
    notInFile: notInFile(declared, stored),
  };
}

function environmentChange(
  environment: EnvironmentDeclaration,
  stored: StoredInstallation,
  { environmentProblem }: ConfigRules,
): ConfigChange[] {
  const { name, kind } = environment;
  const known = stored.environments.find((one) => one.name === name);
  if (known === undefined) {
    return [
      {
        step: { kind: 'create-environment', environment },
        name,
        sentence: `Create the ${kind} environment ${name}.`,
        fields: differences({}, { kind, ...pick(environment, ENVIRONMENT_FIELDS) }),
        held: environmentProblem(kind, environment.settings),
      },
    ];
  }
  const keys = ENVIRONMENT_FIELDS.filter((key) => canonical(known[key]) !== canonical(environment[key]));
  if (keys.length === 0 && known.kind === kind) return [];
  const before = pick(known, keys);
  const after = pick(environment, keys);
  const isOther = known.kind !== kind;
  return [
    {
      step: { kind: 'edit-environment', environmentId: known.id, of: kind, before, after },
      name,
      sentence: `Change ${listed(keys.map((key) => ENVIRONMENT_WORDS[key]).concat(isOther ? ['the kind'] : []))} of the environment ${name}.`,
      fields: differences(
        { ...(isOther ? { kind: known.kind } : {}), ...before },
        { ...(isOther ? { kind } : {}), ...after },
      ),
      held: isOther
        ? `the kind of an environment cannot change: it is ${known.kind}; give the new one another name`
        : // What stands in its way as it is, it has got over already.
          environmentProblem(kind, known.settings) === null
          ? environmentProblem(kind, environment.settings)
          : null,
    },
  ];
}

interface Place {
  /** null: there is no such environment, and none is declared. */
  readonly kind: string | null;
  /** Why the environment cannot be created; null where it can, or is there. */
  readonly held: string | null;
}

function clusterChange(
  cluster: ClusterDeclaration,
  stored: StoredInstallation,
  place: Place,
  { specProblem }: ConfigRules,
): ConfigChange[] {
  const name = fullName(cluster);
  const known = find(cluster, stored);
  if (known === undefined) {
    return [
      {
        step: { kind: 'declare-cluster', cluster },
        name,
        sentence: `Declare the cluster ${name}.`,
        fields: differences({}, pick(cluster, CLUSTER_FIELDS)),
        held: whyNoPlace(cluster.environment, place) ?? specProblem(place.kind ?? '', cluster.spec),
      },
    ];
  }
  const keys = CLUSTER_FIELDS.filter((key) => canonical(known[key]) !== canonical(cluster[key]));
  if (keys.length === 0) return [];
  const before = pick(known, keys);
  const after = pick(cluster, keys);
  // A cycle would be paused by it, and what it was approved with would no longer be so.
  const disturbs = known.isCycling && keys.some((key) => key !== 'labels');
  return [
    {
      step: { kind: 'edit-cluster', clusterId: known.id, before, after },
      name,
      sentence: clusterSentence(name, keys, known.instances),
      fields: differences(before, after),
      held: disturbs
        ? 'a cycle of this cluster is active, and only labels change beneath a cycle: apply the file again when it has ended'
        : keys.includes('spec')
          ? specProblem(place.kind ?? '', cluster.spec)
          : null,
    },
  ];
}

function whyNoPlace(environment: string, { kind, held }: Place): string | null {
  if (kind === null) return `there is no environment ${environment}: declare it under environments`;
  return held === null ? null : `the environment ${environment} cannot be created`;
}

function removal(cluster: ClusterName, stored: StoredInstallation): ConfigChange[] {
  const known = find(cluster, stored);
  if (known === undefined) return [];
  const name = fullName(cluster);
  const { instances } = known;
  return [
    {
      step: { kind: 'remove-cluster', clusterId: known.id },
      name,
      sentence: `Remove the cluster ${name}.`,
      fields: differences(pick(known, CLUSTER_FIELDS), {}),
      held: known.isCycling
        ? 'a cycle of this cluster is active: apply the file again when it has ended'
        : instances > 0
          ? `it still has ${instances} ${instances === 1 ? 'instance' : 'instances'}: cycle it to target 0 first`
          : null,
    },
  ];
}

function notInFile(declared: Installation, stored: StoredInstallation): string[] {
  const environments = new Set(declared.environments.map(({ name }) => name));
  const clusters = new Set([...declared.clusters, ...declared.absent].map(fullName));
  return [
    ...stored.environments.map(({ name }) => name).filter((name) => !environments.has(name)),
    ...stored.clusters.map(fullName).filter((name) => !clusters.has(name)),
  ];
}

const ENVIRONMENT_WORDS: Readonly<Record<(typeof ENVIRONMENT_FIELDS)[number], string>> = {
  selfApproval: 'who may approve',
  approvalsNeeded: 'the approvals needed',
  maxActiveCycles: 'the limit of active cycles',
  settings: 'the settings',
};

const CLUSTER_WORDS: Readonly<Record<(typeof CLUSTER_FIELDS)[number], string>> = {
  labels: 'the labels',
  spec: 'the spec',
  minSize: 'the sizes',
  targetSize: 'the sizes',
  maxSize: 'the sizes',
  policy: 'the policy',
  drainTimeoutMs: 'the drain timeout',
};

function clusterSentence(name: string, keys: readonly (typeof CLUSTER_FIELDS)[number][], instances: number): string {
  const edit = `Change ${listed([...new Set(keys.map((key) => CLUSTER_WORDS[key]))])} of the cluster ${name}.`;
  if (!keys.includes('spec') || instances === 0) return edit;
  return `${edit} Instances with another spec are outdated; nothing is replaced until a plan is approved.`;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function find(cluster: ClusterName, { clusters }: StoredInstallation) {
  return clusters.find((one) => fullName(one) === fullName(cluster));
}

function pick<T, Key extends keyof T>(value: T, keys: readonly Key[]): Pick<T, Key> {
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as Pick<T, Key>;
}

/** Leaf by leaf; where they differ in something that has no leaf, such as an empty object, as wholes. */
function differences(before: object, after: object): SpecChange[] {
  const leaves = specDifference(before as Json, after as Json);
  if (leaves.length > 0) return leaves;
  return Object.entries(after).map(([path, value]) => ({
    path,
    before: Object(before)[path] ?? null,
    after: value ?? null,
  }));
}
