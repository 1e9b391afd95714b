import { DomainError, isDomainError } from '../errors.ts';
import { ReservationManager } from './reservation-manager.ts';
import { countedPools, forSessions, mixedPools, type PoolSupply, queued, type Wish } from './supply.ts';

/**
 * Why these pools can never serve a wish, whoever gives machines back; null where they can. POOL_UNKNOWN, POOL_CAPACITY
 * with the numbers, or RUNTIME_UNSUPPORTED where no machine of a pool that a session names could run its components.
 */
export function refusalOf(wish: Wish, supplies: readonly PoolSupply[]): DomainError | null {
  const manager = new ReservationManager();
  for (const pool of countedPools(supplies)) {
    manager.addPool({ ...pool, available: pool.capacity, paused: false });
  }
  try {
    manager.reserve(queued(wish, mixedPools(supplies)));
    return null;
  } catch (error) {
    if (isDomainError(error)) return inRealNames(error, supplies);
    throw error;
  }
}

/** The manager may have counted a pool under a second name. */
function inRealNames(error: DomainError, supplies: readonly PoolSupply[]): DomainError {
  const { details } = error;
  if (error.code !== 'POOL_CAPACITY' || !('requested' in details)) return error;
  const pool = supplies.find(({ name }) => forSessions(name) === details.name);
  if (pool === undefined) return error;
  const { requested, capacity } = details;
  if (capacity > 0) return new DomainError('POOL_CAPACITY', { name: pool.name, requested, capacity });
  return new DomainError('RUNTIME_UNSUPPORTED', { machine: `no machine of ${pool.name}`, workload: 'components' });
}
