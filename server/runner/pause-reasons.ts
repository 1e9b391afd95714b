import type { PauseReason } from '../domain/cycle/cycle-state.ts';
import type { HoldReason } from '../domain/cycle/task.ts';

export function pauseReason(
  kind: PauseReason['kind'],
  sentence: string,
  next: string,
  instanceIds: readonly string[] = [],
): PauseReason {
  return { kind, sentence, next, instanceIds: [...new Set(instanceIds)] };
}

export function holdReason(reason: HoldReason, instanceIds: readonly string[]): PauseReason {
  const ids = instanceIds.slice(0, 3).join(', ');
  switch (reason) {
    case 'drain-timeout':
      return pauseReason(
        'drain-timeout',
        `${ids} did not drain in time.`,
        'Extend the drain, force it, or skip the instance; then resume.',
        instanceIds,
      );
    case 'canary-unhealthy':
      return pauseReason(
        'canary-unhealthy',
        `The canary ${ids} is unhealthy.`,
        'Look at it; then retry it, resume, or abort.',
        instanceIds,
      );
    case 'protected':
      return pauseReason(
        'protected',
        `${ids} is protected.`,
        'Lift the protection or skip the instance; then resume.',
        instanceIds,
      );
    case 'ceiling':
      return pauseReason(
        'ceiling',
        'There is no room under the ceiling to start another instance.',
        'Abort, and preview with a higher max.',
        instanceIds,
      );
    default:
      return pauseReason(
        'floor',
        'The floor leaves no instance that may be drained.',
        'Bring capacity back and resume; or abort.',
        instanceIds,
      );
  }
}
