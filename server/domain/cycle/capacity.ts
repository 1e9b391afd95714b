/** A cluster counted at one moment. The seven counts add up to the size; `inService` is the subset that counts for the floor. */
export interface CapacityPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Started and not unhealthy, of the current configuration. */
  readonly startedNew: number;
  /** Started and not unhealthy, outdated. */
  readonly startedOld: number;
  /** Started and unhealthy, whatever the configuration. */
  readonly unhealthy: number;
  readonly starting: number;
  readonly draining: number;
  readonly drained: number;
  readonly terminating: number;
  readonly inService: number;
}
