import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import type { GlyphShape } from '@/components/ui/glyph';
import type { Tone } from '@/components/ui/tone';
import type { DecisionKind } from '@/server/domain/cycle/explain';

export const decisionLooks = {
  replace: { shape: 'disc-half', tone: 'warn', word: 'replace' },
  'scale-in': { shape: 'disc-half', tone: 'warn', word: 'scale in' },
  finish: { shape: 'ring-slash', tone: 'warn', word: 'finish' },
  wait: { shape: 'ring-dashed', tone: 'info', word: 'wait' },
  skip: { shape: 'ring', tone: 'neutral', word: 'skip' },
  keep: { shape: 'tick', tone: 'ok', word: 'keep' },
} satisfies Record<DecisionKind, { shape: GlyphShape; tone: Tone; word: string }>;

/** What becomes of an instance; what follows the word stands behind it. */
export function DecisionBadge({ kind, children }: { kind: DecisionKind; children?: ReactNode }) {
  const { shape, tone, word } = decisionLooks[kind];
  return (
    <Badge shape={shape} tone={tone}>
      <span>
        {word}
        {children}
      </span>
    </Badge>
  );
}
