import type { GlyphShape } from '@/components/ui/glyph';
import type { InstanceView, StateCounts } from '@/server/contract/cluster';

/** What a count of a cluster tells apart. */
export type InstanceKind = keyof StateCounts;

interface InstanceLook {
  /** Lower case is in motion, upper case is at rest. */
  letter: string;
  word: string;
  shape: GlyphShape;
  /** The colour of its mark. */
  mark: string;
  /** Its fill, pattern and edge in HTML. */
  fill: string;
}

/** How each kind of instance looks in every list, bar and picture, in the order in which they are stacked. */
export const instanceLook = {
  startedNew: {
    letter: 'S',
    word: 'started',
    shape: 'disc',
    mark: 'text-mark-started',
    fill: 'bg-fill-started border border-mark-started',
  },
  startedOld: {
    letter: 'O',
    word: 'started, old',
    shape: 'disc',
    mark: 'text-mark-old',
    fill: 'hatch-old',
  },
  unhealthy: {
    letter: '!',
    word: 'unhealthy',
    shape: 'disc',
    mark: 'text-mark-bad',
    fill: 'hatch-sick',
  },
  starting: { letter: 's', word: 'starting', shape: 'ring-dashed', mark: 'text-mark-starting', fill: 'hatch-starting' },
  draining: { letter: 'd', word: 'draining', shape: 'disc-half', mark: 'text-mark-draining', fill: 'hatch-draining' },
  drained: {
    letter: 'D',
    word: 'drained',
    shape: 'ring',
    mark: 'text-mark-drained',
    fill: 'bg-panel border border-mark-drained',
  },
  terminating: {
    letter: 't',
    word: 'terminating',
    shape: 'ring-slash',
    mark: 'text-mark-terminating',
    fill: 'hatch-terminating',
  },
} satisfies Record<InstanceKind, InstanceLook>;

export const instanceKinds = [
  'startedNew',
  'startedOld',
  'unhealthy',
  'starting',
  'draining',
  'drained',
  'terminating',
] as const satisfies readonly InstanceKind[];

/** Which of the kinds an instance is counted as. */
export function instanceKind({
  state,
  health,
  outdated,
}: Pick<InstanceView, 'state' | 'health' | 'outdated'>): InstanceKind {
  if (state !== 'started') return state;
  if (health === 'unhealthy') return 'unhealthy';
  return outdated ? 'startedOld' : 'startedNew';
}
