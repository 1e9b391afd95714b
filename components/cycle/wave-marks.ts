import type { IntentView } from '../../server/contract/cycle.ts';
import { drainSteps } from '../../server/domain/cycle/cycle-history.ts';

/** More of them would hide the picture. */
const MOST = 12;

/**
 * When the canary began, and when drains were ordered together; nothing where that happened too often to be told apart.
 * A canary that is drained at once is the first wave.
 */
export function waveMarks(
  intents: readonly Pick<IntentView, 'kind' | 'step' | 'createdAt'>[],
  hasCanary: boolean,
): { readonly at: number; readonly label: string }[] {
  const drains = drainSteps(intents);
  const [first] = intents;
  if (drains.length > MOST || first === undefined) return [];
  const waves = drains.map(({ at }, index) => ({ at, label: `wave ${index + 1}` }));
  if (!hasCanary) return waves;
  return [{ at: first.createdAt, label: 'canary' }, ...(drains[0]?.step === first.step ? waves.slice(1) : waves)];
}
