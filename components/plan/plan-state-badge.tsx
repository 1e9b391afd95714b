import { Badge } from '@/components/ui/badge';
import type { GlyphShape } from '@/components/ui/glyph';
import type { Tone } from '@/components/ui/tone';
import type { PlanState } from '@/server/domain/approval/plan-state';

const looks = {
  'awaiting-approval': { shape: 'diamond', tone: 'accent', word: 'awaits approval' },
  approved: { shape: 'diamond-full', tone: 'ok', word: 'approved' },
  rejected: { shape: 'diamond-slash', tone: 'neutral', word: 'rejected' },
  withdrawn: { shape: 'diamond-dashed', tone: 'neutral', word: 'withdrawn' },
  expired: { shape: 'diamond-dashed', tone: 'neutral', word: 'expired' },
} satisfies Record<PlanState, { shape: GlyphShape; tone: Tone; word: string }>;

export function PlanStateBadge({ state }: { state: PlanState }) {
  const { shape, tone, word } = looks[state];
  return (
    <Badge shape={shape} tone={tone}>
      {word}
    </Badge>
  );
}
