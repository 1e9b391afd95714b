import { z } from 'zod';
import type { SpecChange } from '../domain/instance/spec-difference.ts';

/** What applying a file would do. */
export interface InstallationPreview {
  /** Everything that is wrong with the file; then nothing else is known of it. */
  readonly problems: readonly { readonly path: string; readonly line: number | null; readonly message: string }[];
  /** Of the changes: what is applied is what was shown. */
  readonly fingerprint: string;
  /** In the order in which they are applied. */
  readonly changes: readonly InstallationChange[];
  /** What is stored and not in the file: environments, then clusters. It is left as it is. */
  readonly notInFile: readonly string[];
}

export interface InstallationChange {
  readonly kind: 'create-environment' | 'edit-environment' | 'declare-cluster' | 'edit-cluster' | 'remove-cluster';
  /** `demo`, or `demo/checkout`. */
  readonly name: string;
  readonly sentence: string;
  readonly fields: readonly SpecChange[];
  /** Why it cannot be done now; null where it can. */
  readonly held: string | null;
}

export interface InstallationResult extends InstallationChange {
  readonly outcome: 'done' | 'held' | 'failed' | 'not-tried';
  /** Why it failed; null where it did not. */
  readonly failure: string | null;
}

/** The change that failed ends it; what comes after was not tried. */
export type InstallationOutcome =
  | { readonly kind: 'applied'; readonly results: readonly InstallationResult[] }
  /** Something was changed since the preview, so nothing was applied. */
  | { readonly kind: 'changed-since'; readonly preview: InstallationPreview };

export interface InstallationExport {
  readonly text: string;
  /** Clusters that are not in the text, because their specs hold what looks like a secret. */
  readonly leftOut: readonly string[];
}

/** The file of ROUNDHOUSE_CONFIG: its text, or why web cannot read it. */
export interface ConfiguredFile {
  readonly path: string;
  readonly text: string | null;
  readonly failure: string | null;
}

const textSchema = z.string().max(1_000_000, 'at most 1 MB');
export const previewInstallationSchema = z.object({ text: textSchema });
export const applyInstallationSchema = z.object({ text: textSchema, fingerprint: z.string().max(100) });
