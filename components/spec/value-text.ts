import type { Json } from '@/server/domain/instance/plugin.ts';

/** A value of a spec as it is shown beside its path. */
export function valueText(value: Json): string {
  if (value === null) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
