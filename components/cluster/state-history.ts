import type { InstanceTransitionView } from '@/server/contract/instance.ts';

export interface HistorySegment {
  readonly state: string;
  readonly health: string | null;
  readonly config: string;
  readonly from: number;
  /** null: it is so still. */
  readonly to: number | null;
}

/** What an instance was, one segment for each time that its state, health or configuration turned; oldest first. */
export function historySegments(transitions: readonly InstanceTransitionView[]): HistorySegment[] {
  return transitions.flatMap(({ at, ...rest }, index) => {
    const to = transitions[index + 1]?.at ?? null;
    return to === at ? [] : [{ ...rest, from: at, to }];
  });
}
