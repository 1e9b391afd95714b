import { POOL_PARTS, type PoolPart } from '../../server/domain/pool/pool.ts';

export interface PartLook {
  /** Lower case is in motion, upper case is at rest. */
  readonly letter: string;
  readonly word: string;
  /** Its fill, pattern and edge in HTML. */
  readonly fill: string;
}

/** How each part of a pool looks in every bar and key. */
export const partLook = {
  inUse: { letter: 'U', word: 'in use', fill: 'bg-fill-started border border-mark-started' },
  reserved: { letter: 'R', word: 'reserved', fill: 'bg-fill-starting border border-mark-starting' },
  cleaning: { letter: 'c', word: 'cleaning', fill: 'bg-fill-drained border border-dashed border-mark-drained' },
  provisioning: { letter: 'p', word: 'provisioning', fill: 'bg-fill-old border border-dashed border-mark-old' },
  available: { letter: 'F', word: 'free', fill: 'bg-panel border border-control' },
  leaving: { letter: 'd', word: 'leaving', fill: 'hatch-draining' },
  maintenance: { letter: 'M', word: 'maintenance', fill: 'hatch-terminating' },
  bad: { letter: '!', word: 'bad', fill: 'hatch-sick' },
} satisfies Record<PoolPart, PartLook>;

/** The parts that have machines, in the order in which they are drawn. */
export function partsThatOccur(parts: Readonly<Record<PoolPart, number>>): readonly PoolPart[] {
  return POOL_PARTS.filter((part) => parts[part] > 0);
}
