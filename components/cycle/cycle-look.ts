import type { GlyphShape } from '@/components/ui/glyph';
import type { Tone } from '@/components/ui/tone';
import type { CycleState } from '@/server/domain/cycle/cycle-state';

interface CycleLook {
  readonly shape: GlyphShape;
  readonly tone: Tone;
  /** As a sentence begins. */
  readonly word: string;
}

/** How each state of a cycle looks: the play, pause and stop family. */
export const cycleLook = {
  approved: { shape: 'diamond-full', tone: 'accent', word: 'Approved' },
  running: { shape: 'play', tone: 'ok', word: 'Running' },
  pausing: { shape: 'pause-open', tone: 'warn', word: 'Pausing' },
  paused: { shape: 'pause', tone: 'warn', word: 'Paused' },
  aborting: { shape: 'stop-open', tone: 'bad', word: 'Aborting' },
  aborted: { shape: 'stop', tone: 'neutral', word: 'Aborted' },
  completed: { shape: 'tick', tone: 'ok', word: 'Completed' },
  failed: { shape: 'cross', tone: 'bad', word: 'Failed' },
} satisfies Record<CycleState, CycleLook>;
