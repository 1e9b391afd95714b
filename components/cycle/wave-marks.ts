import type { IntentView } from '../../server/contract/cycle.ts';

/** More of them would hide the picture. */
const MOST = 12;

/** When drains were ordered together; nothing where that happened too often to be told apart. */
export function waveMarks(
  intents: readonly Pick<IntentView, 'kind' | 'step' | 'createdAt'>[],
  hasCanary: boolean,
): { readonly at: number; readonly label: string }[] {
  const steps = new Map<number, number>();
  for (const { kind, step, createdAt } of intents) if (kind === 'drain' && !steps.has(step)) steps.set(step, createdAt);
  if (steps.size > MOST) return [];
  return [...steps.values()].map((at, index) => ({
    at,
    label: hasCanary && index === 0 ? 'canary' : `wave ${index + 1}`,
  }));
}
