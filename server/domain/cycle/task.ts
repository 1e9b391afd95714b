/** The sizes and the timeout of one planning call. Source: segmentio/cycle `TaskConfig`. `drainTimeoutMs` 0 = none. */
export interface TaskConfig {
  readonly targetSize: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly drainTimeoutMs: number;
}

/** One step of cycling, as data, so that it can be shown, hashed, approved and stored. */
export type Task =
  | { readonly kind: 'start'; readonly clusterId: string; readonly count: number }
  | { readonly kind: 'drain' | 'terminate'; readonly instanceIds: readonly string[] }
  | { readonly kind: 'wait'; readonly state: WaitState; readonly instanceIds: readonly string[] }
  | {
      readonly kind: 'hold';
      readonly reason: HoldReason;
      readonly instanceIds: readonly string[];
      readonly until: number | null;
    };

export type WaitState = 'started' | 'drained' | 'terminated';

/**
 * Why nothing more may happen now. `until` of the task says when planning again may give something else;
 * `null` means that a person must decide.
 */
export type HoldReason =
  | 'bake'
  | 'minimum-health'
  | 'canary-unhealthy'
  | 'protected'
  | 'drain-timeout'
  | 'floor'
  | 'ceiling';
