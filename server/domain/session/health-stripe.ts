import type { ComponentHealth } from './session.ts';

export interface HealthSpan {
  readonly health: ComponentHealth;
  readonly from: number;
  /** Null = it goes on. */
  readonly to: number | null;
}

/** One component became this at that time. */
export interface ComponentHealthChange {
  readonly executionId: string;
  readonly at: number;
  readonly health: ComponentHealth;
}

/** From the best to the worst. */
const ORDER: readonly ComponentHealth[] = ['succeeded', 'ready', 'unknown', 'not-ready', 'failed'];

/**
 * How well the components were together: the worst of them, as spans without holes from the first change on. It ends
 * with `until`, since what is seen of components that are being ended says nothing about them; null = it goes on.
 */
export function healthStripe(changes: readonly ComponentHealthChange[], until: number | null): readonly HealthSpan[] {
  const present = new Map<string, ComponentHealth>();
  const moments: { readonly at: number; readonly health: ComponentHealth }[] = [];
  for (const { executionId, at, health } of changes.toSorted((one, other) => one.at - other.at)) {
    if (until !== null && at >= until) break;
    // One that is only starting is not ill.
    if (!present.has(executionId) && (health === 'not-ready' || health === 'unknown')) continue;
    present.set(executionId, health);
    const worst = worstOf([...present.values()]);
    // What lasted no time is not shown.
    if (moments.at(-1)?.at === at) moments.pop();
    if (moments.at(-1)?.health !== worst) moments.push({ at, health: worst });
  }
  return moments.map(({ at, health }, index) => ({ health, from: at, to: moments[index + 1]?.at ?? until }));
}

function worstOf(healths: readonly ComponentHealth[]): ComponentHealth {
  return healths.reduce((worst, one) => (ORDER.indexOf(one) > ORDER.indexOf(worst) ? one : worst), 'succeeded');
}
