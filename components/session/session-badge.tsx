import { healthMarks } from '@/components/chart/session-gantt-looks';
import { afterwards, sessionLook } from '@/components/session/session-look';
import { Badge } from '@/components/ui/badge';
import { Glyph } from '@/components/ui/glyph';
import type { SessionRow } from '@/server/contract/session';
import type { ComponentHealth } from '@/server/domain/session/session';

/** How a session stands: shape, colour and word; what still goes on after its outcome stands beside it. */
export function SessionBadge({ session }: { session: Pick<SessionRow, 'state' | 'outcome'> }) {
  const { shape, tone, word } = sessionLook(session);
  const after = session.outcome === null ? null : afterwards(session.state);
  return (
    <Badge shape={shape} tone={tone}>
      <span>
        {word.toLowerCase()}
        {after !== null && <span className="text-ink-3">, {after}</span>}
      </span>
    </Badge>
  );
}

export function HealthBadge({ health }: { health: ComponentHealth }) {
  const { shape, word, mark } = healthMarks[health];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Glyph shape={shape} className={mark} />
      {word}
    </span>
  );
}
