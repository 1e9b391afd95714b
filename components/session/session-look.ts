import type { GlyphShape } from '@/components/ui/glyph';
import type { Tone } from '@/components/ui/tone';
import type { SessionOutcome, SessionState } from '@/server/domain/session/session';

interface Look {
  readonly shape: GlyphShape;
  readonly tone: Tone;
  /** As a sentence begins. */
  readonly word: string;
}

const states = {
  queued: { shape: 'ring-dashed', tone: 'neutral', word: 'Queued' },
  accepted: { shape: 'ring', tone: 'info', word: 'Accepted' },
  provisioning: { shape: 'disc-half', tone: 'info', word: 'Provisioning' },
  running: { shape: 'play', tone: 'ok', word: 'Running' },
  keeping: { shape: 'pause', tone: 'warn', word: 'Kept' },
  cleaning: { shape: 'stop-open', tone: 'neutral', word: 'Cleaning up' },
  ended: { shape: 'stop', tone: 'neutral', word: 'Ended' },
} satisfies Record<SessionState, Look>;

const outcomes = {
  succeeded: { shape: 'tick', tone: 'ok', word: 'Succeeded' },
  failed: { shape: 'cross', tone: 'bad', word: 'Failed' },
  error: { shape: 'triangle', tone: 'bad', word: 'Error' },
  'internal-error': { shape: 'triangle-full', tone: 'bad', word: 'Internal error' },
  cancelled: { shape: 'stop', tone: 'neutral', word: 'Cancelled' },
  finished: { shape: 'disc', tone: 'neutral', word: 'Finished' },
} satisfies Record<SessionOutcome, Look>;

/** How a session looks: by its outcome once there is one, else by its state. */
export function sessionLook({ state, outcome }: { state: SessionState; outcome: SessionOutcome | null }): Look {
  return outcome === null ? states[state] : outcomes[outcome];
}

/** What is said beside the outcome while it is not quite over. */
export function afterwards(state: SessionState): string | null {
  if (state === 'keeping') return 'kept for triage';
  return state === 'cleaning' ? 'cleaning up' : null;
}
