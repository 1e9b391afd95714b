import { z } from 'zod';
import type { Finding } from '../domain/instance/connection.ts';
import type { Json } from '../domain/instance/plugin.ts';
import { clusterNameSchema, type EnvironmentView, environmentKinds } from './cluster.ts';

const environmentId = z.string().max(100);
const selfApproval = z.boolean();
const approvalsNeeded = z.number().int().min(1).max(10);
/** null: any number at once. */
const maxActiveCycles = z.number().int().min(1).max(1_000).nullable();

/** What an administrator sets of an environment; absent: as it is. */
export const updateEnvironmentSchema = z.object({
  environmentId,
  selfApproval: selfApproval.optional(),
  approvalsNeeded: approvalsNeeded.optional(),
  maxActiveCycles: maxActiveCycles.optional(),
});

/** The settings of a back end as they are typed, in YAML or JSON; empty: all by default. */
const settingsText = z.string().max(20_000);
const kind = z.enum(environmentKinds);
/** Of a worker, for what only one host reaches; null: the only one that workers run on. */
const hostId = z.string().max(100).nullable().default(null);

export const addEnvironmentSchema = z.object({
  name: clusterNameSchema,
  kind,
  settings: settingsText,
  hostId,
  selfApproval: selfApproval.default(false),
  approvalsNeeded: approvalsNeeded.default(1),
  maxActiveCycles: maxActiveCycles.default(null),
});
export type AddEnvironmentInput = z.output<typeof addEnvironmentSchema>;

export const environmentIdSchema = z.object({ environmentId });

export const environmentSettingsSchema = z.object({ environmentId, settings: settingsText });

/** Settings that are not stored yet, or those of an environment as it would be with them. */
export const testEnvironmentSchema = z.object({
  kind,
  settings: settingsText,
  hostId,
  environmentId: environmentId.nullable().default(null),
});
export type TestEnvironmentInput = z.output<typeof testEnvironmentSchema>;

/** A host that workers run on. */
export interface WorkerHost {
  readonly hostId: string;
  readonly hostName: string;
}

/** What a worker is asked to try. */
export interface ConnectionTest {
  readonly id: string;
  /** Of the environment, for the words of errors. */
  readonly name: string;
  readonly kind: string;
  readonly settings: Json;
  /** Only a worker of this host can; null: any. */
  readonly hostId: string | null;
}

/** An environment, how its back end is reached, and how that goes. Times are epoch milliseconds. */
export interface EnvironmentDetails extends EnvironmentView {
  /** As JSON, without what the defaults say; null for who may not change them. */
  readonly settings: string | null;
  readonly hostId: string | null;
  /** Since when it cannot be read; null while it can. */
  readonly syncErrorSince: number | null;
  /** The calls that ended in the last minute. */
  readonly traffic: { readonly calls: number; readonly failures: number; readonly throttled: number };
  /** The last calls that failed, the newest first. */
  readonly failures: readonly { readonly at: number; readonly operation: string; readonly result: string }[];
}

/** A plugin that answers in a directory that a worker watches. */
export interface PluginView {
  readonly name: string;
  readonly address: string;
  readonly type: string;
  readonly interfaces: readonly string[];
  /** Why it can be no environment; null where it can. */
  readonly refusal: string | null;
}

/** What is in the plugins directory of a host. */
export interface WatchedPlugins {
  readonly directory: string;
  readonly plugins: readonly PluginView[];
  /** Names of what looks like a plugin and does not answer, or not as one. */
  readonly silent: readonly string[];
  /** Why the directory cannot be read. */
  readonly problem: string | null;
}

export interface EnvironmentsOverview {
  /** By name. */
  readonly environments: readonly EnvironmentDetails[];
  /** Those that workers were seen on lately. */
  readonly hosts: readonly WorkerHost[];
  readonly plugins: readonly (WorkerHost & WatchedPlugins)[];
  /** The numbers that it is as of: of `environments` and of the stream of each environment. */
  readonly cursors: Readonly<Record<string, string>>;
}

export interface ConnectionResult {
  readonly findings: readonly Finding[];
}
