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

/** "v1, v2 → v3": what is replaced, the oldest first, and by what. */
export function versionStep(body: PlanBody): string {
  const { from, to } = body.basis;
  const number = (config: string) => body.versions[config] ?? 0;
  const old = from.toSorted((a, b) => number(a) - number(b)).map((config) => versionName(body, config));
  return from.length === 0 ? versionName(body, to) : `${old.join(', ')} → ${versionName(body, to)}`;
}
