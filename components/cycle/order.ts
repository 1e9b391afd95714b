import type { CycleView } from '../../server/contract/cycle.ts';
import type { CycleAction, CycleState } from '../../server/domain/cycle/cycle-state.ts';

/** What a person ordered on this page, from the click to its effect. Times are the server's. */
export interface Order {
  readonly action: CycleAction;
  /** null: the cycle as a whole. */
  readonly instanceId: string | null;
  readonly requestedAt: number;
  /** What the cycle was as of when it was ordered: nothing read before that can show the effect. */
  readonly seq: string;
  /** The deadline of the drain when it was to be extended. */
  readonly drainDeadline: number | null;
  readonly answer:
    | { readonly kind: 'waiting' }
    | { readonly kind: 'accepted'; readonly at: number; readonly requestId: string }
    /** The connection broke: it may have been accepted. */
    | { readonly kind: 'unanswered' }
    | { readonly kind: 'refused'; readonly message: string; readonly requestId: string | null };
}

/** What an order is called. */
export const ORDER_WORDS: Record<CycleAction, string> = {
  pause: 'Pause',
  resume: 'Resume',
  abort: 'Abort, finish in-flight',
  'stop-now': 'Stop now',
  'end-as-failed': 'Give up',
  'retry-instance': 'Retry',
  'skip-instance': 'Skip',
  'extend-drain': 'Extend drain',
  'force-drain': 'Force drain',
};

/** observed: the cycle shows what was ordered. overtaken: it ended or turned another way before. open: not yet. */
export type OrderEffect = 'open' | 'observed' | 'overtaken';

const WANTED = {
  pause: ['paused'],
  // One that has not begun waits for its turn again.
  resume: ['running', 'approved'],
  abort: ['aborted'],
  'stop-now': ['aborted'],
  'end-as-failed': ['failed'],
} satisfies Partial<Record<CycleAction, readonly CycleState[]>>;

/** On the way to what was ordered. */
const UNDER_WAY = {
  pause: ['pausing'],
  resume: [],
  abort: ['aborting'],
  'stop-now': ['aborting'],
  'end-as-failed': ['aborting'],
} satisfies Record<keyof typeof WANTED, readonly CycleState[]>;

export function orderEffect(order: Order, cycle: Pick<CycleView, 'state' | 'instances' | 'seq'>): OrderEffect {
  const { action } = order;
  if (BigInt(cycle.seq) <= BigInt(order.seq)) return 'open';
  if (
    action === 'pause' ||
    action === 'resume' ||
    action === 'abort' ||
    action === 'stop-now' ||
    action === 'end-as-failed'
  ) {
    if (includes(WANTED[action], cycle.state)) return 'observed';
    return includes(UNDER_WAY[action], cycle.state) ? 'open' : 'overtaken';
  }
  const instance = cycle.instances.find((one) => one.instanceId === order.instanceId);
  if (instance === undefined) return 'overtaken';
  switch (action) {
    case 'retry-instance':
      return instance.failures.length === 0 ? 'observed' : 'open';
    case 'skip-instance':
      return instance.skipped !== null ? 'observed' : 'open';
    case 'extend-drain':
      if (instance.drainDeadline === null) return 'overtaken';
      return instance.drainDeadline > (order.drainDeadline ?? 0) ? 'observed' : 'open';
    case 'force-drain':
      return instance.state === 'terminating' || instance.state === 'gone' ? 'observed' : 'open';
  }
}

/** Whether the steps of an order tell why the cycle stands as it does, so that its reason would say it again. */
export function tellsReason(
  order: Order | null,
  cycle: Pick<CycleView, 'state' | 'reason' | 'instances' | 'seq'>,
): boolean {
  if (order === null || order.answer.kind !== 'accepted' || cycle.reason?.kind !== 'person') return false;
  return order.action !== 'resume' && orderEffect(order, cycle) !== 'overtaken';
}

function includes(states: readonly CycleState[], state: CycleState): boolean {
  return states.includes(state);
}
