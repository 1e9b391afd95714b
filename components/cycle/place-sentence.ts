import type { CycleRow } from '@/server/contract/cycle';

/** Why an approved cycle has not begun: "Waits for a place: 2 of 2 cycles of demo are active; 1 ahead." */
export function placeSentence({
  waitsForPlace,
  environmentName,
}: Pick<CycleRow, 'waitsForPlace' | 'environmentName'>): string {
  if (waitsForPlace === null) return 'Waits for a worker to take it up.';
  const { places, taken, ahead } = waitsForPlace;
  // More than there are places where the limit was lowered meanwhile.
  const active =
    taken > places
      ? `${taken} cycles of ${environmentName} are active and ${places} may be`
      : `${taken} of ${places} ${places === 1 ? 'cycle' : 'cycles'} of ${environmentName} ${taken === 1 ? 'is' : 'are'} active`;
  return `Waits for a place: ${active}; ${ahead === 0 ? 'it is next' : `${ahead} ahead`}.`;
}
