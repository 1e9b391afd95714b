import type { CycleInstanceView, CycleView } from '../../server/contract/cycle.ts';
import type { Allowed, CycleAction } from '../../server/domain/cycle/cycle-state.ts';

export type InstanceAction = Extract<CycleAction, 'retry-instance' | 'skip-instance' | 'extend-drain' | 'force-drain'>;

/** What may be done with one instance of a cycle: the state of the cycle decides first, then that of the instance. */
export function instanceAllowed(
  action: InstanceAction,
  instance: CycleInstanceView,
  { actions, canUndrain }: Pick<CycleView, 'actions' | 'canUndrain'>,
): Allowed {
  const byCycle = actions[action];
  return byCycle === true ? byInstance(action, instance, canUndrain) : byCycle;
}

function byInstance(
  action: InstanceAction,
  { state, failures, skipped, forced, drainDeadline, role }: CycleInstanceView,
  canUndrain: boolean,
): Allowed {
  switch (action) {
    case 'retry-instance':
      return failures.length > 0 || 'nothing failed here';
    case 'skip-instance':
      if (skipped !== null) return 'already skipped';
      if (role === 'started') return 'this cycle started it, so there is nothing to skip';
      if (state === 'draining' && !canUndrain) return 'its drain cannot be taken back here';
      return (state !== 'gone' && state !== 'terminating') || 'it is too late: it is terminated already';
    case 'extend-drain':
      if (state !== 'draining') return 'it is not draining';
      return drainDeadline !== null || 'its drain has no deadline';
    case 'force-drain':
      if (forced !== null) return 'already forced';
      if (skipped !== null) return 'it is skipped';
      return state === 'draining' || 'it is not draining';
  }
}
