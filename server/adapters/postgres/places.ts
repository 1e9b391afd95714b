/**
 * A cycle holds one of its environment's places from when a worker takes it up until it has ended, or was paused before
 * it did anything. Of a cycle that is called `other` in the statement.
 */
export const HOLDS_PLACE = `(other.state IN ('running', 'pausing', 'aborting')
  OR (other.state IN ('approved', 'paused') AND (other.started_at IS NOT NULL OR other.lease_owner IS NOT NULL)))`;

/** Approved, nothing done, in nobody's hands, and in an environment with a limit: it begins when a place is free. */
export const WAITS_FOR_PLACE = `(cycle.state = 'approved' AND cycle.started_at IS NULL AND cycle.lease_owner IS NULL
  AND environment.max_active_cycles IS NOT NULL)`;
