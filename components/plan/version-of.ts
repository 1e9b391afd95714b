import type { PlanBody } from '@/server/domain/approval/plan';

/** How a configuration is called: `v38`. */
export function versionOf({ versions }: PlanBody, config: string): string | null {
  const version = versions[config];
  return version === undefined ? null : `v${version}`;
}

/** The same, or the beginning of its fingerprint where it has no number. */
export function versionName(body: PlanBody, config: string): string {
  return versionOf(body, config) ?? config.slice(0, 7);
}
