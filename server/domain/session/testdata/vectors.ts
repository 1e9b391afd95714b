import { readFileSync } from 'node:fs';
import type { ContainerStatusFacts } from '../health.ts';

/** Source of both files: grpc/test-infra v0.4.0, recorded by running it. */
function read<Case>(name: string): readonly Case[] {
  const file = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as { readonly cases: readonly Case[] };
  return file.cases;
}

export interface DiagnoseCase {
  readonly statuses: readonly ContainerStatusFacts[];
  readonly health: 'Unknown' | 'Ready' | 'NotReady' | 'Succeeded' | 'Failed';
  readonly error: string | null;
}

export function diagnoses(): readonly DiagnoseCase[] {
  return read('orch-diagnose.json');
}

export type WatcherStep =
  | { readonly op: 'subscribe' | 'unsubscribe'; readonly session: string; readonly error: string | null }
  | { readonly op: 'publish'; readonly session: string; readonly event: number }
  | {
      readonly op: 'receive';
      readonly session: string;
      readonly result: number | 'empty' | 'closed' | 'no-channel';
    };

export interface WatcherCase {
  readonly bufferSize: number;
  readonly steps: readonly WatcherStep[];
}

export function watchers(): readonly WatcherCase[] {
  return read('orch-watcher.json');
}
