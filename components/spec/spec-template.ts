import type { EnvironmentKind } from '@/server/contract/cluster.ts';

const templates = {
  local: { version: '1.0.0', command: [], env: {}, jobs: { atOnce: 1, durationMs: 500 }, startDelayMs: 0, probe: null },
  docker: { image: 'checkout:1.0.0', command: [], env: {}, init: true },
  simulator: { image: 'checkout:1.0.0', instanceType: 'm7.large' },
  infrakit: {},
} satisfies Record<EnvironmentKind, object>;

/** Something to begin with, as JSON. */
export function specTemplate(kind: EnvironmentKind): string {
  return JSON.stringify(templates[kind], null, 2);
}
