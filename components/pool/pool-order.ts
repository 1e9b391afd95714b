import type { MachineRow, PoolRow } from '../../server/contract/pool.ts';
import type { PoolPart } from '../../server/domain/pool/pool.ts';
import type { PoolSort } from './pool-search.ts';

/** The pools whose names contain a text, in an order; equal ones by name. */
export function selectPools(rows: readonly PoolRow[], q: string, sort: PoolSort): readonly PoolRow[] {
  const text = q.trim().toLowerCase();
  return rows
    .filter((row) => row.name.toLowerCase().includes(text))
    .toSorted((a, b) => comparePools(a, b, sort) || byName(a, b));
}

function comparePools(a: PoolRow, b: PoolRow, sort: PoolSort): number {
  switch (sort) {
    case 'queue':
      return b.waiting - a.waiting || (a.oldestWaitSince ?? 0) - (b.oldestWaitSince ?? 0);
    case 'free':
      return a.parts.available - b.parts.available;
    case 'name':
      return 0;
  }
}

function byName(a: PoolRow, b: PoolRow): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

const OUT: readonly PoolPart[] = ['leaving', 'maintenance', 'bad'];

/** Whether a machine of the capacity is one that no release brings back. */
export function isOutOfService({ part }: Pick<MachineRow, 'part'>): boolean {
  return OUT.includes(part);
}
