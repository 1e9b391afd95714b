'use client';

import { clsx } from 'clsx';
import type { SessionCursor } from '@/components/session/session-cursor';
import { formatBrief } from '@/components/session/session-time';
import { Glyph } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import type { TimelineMoment } from '@/server/domain/session/timeline';

interface SessionEventsProps {
  /** Oldest first. */
  moments: readonly TimelineMoment[];
  origin: number;
  cursor: SessionCursor;
}

/** All that happened, oldest first; choosing one moves the cursor of every picture there. */
export function SessionEvents({ moments, origin, cursor }: SessionEventsProps) {
  const present = cursor.at === null ? -1 : moments.findLastIndex(({ at }) => at < (cursor.at ?? 0) + 1_000);
  return (
    <Panel title="Events" note={moments.length} flush>
      <ol aria-label="Events, the oldest first" className="max-h-105 overflow-y-auto">
        {moments.map(({ at, component, text, bad }, index) => (
          <li key={`${at} ${component} ${text}`} className="border-b border-line last:border-b-0">
            <button
              type="button"
              aria-current={index === present || undefined}
              onClick={() => cursor.moveTo(at, component ?? undefined)}
              className="flex min-h-8 w-full items-start gap-3 px-4 py-1.25 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-accent-soft aria-[current]:shadow-[inset_2px_0_0_var(--accent)]"
            >
              <span className="w-14 flex-none font-mono text-12 leading-5 text-ink-3">{formatBrief(at - origin)}</span>
              <Glyph
                shape={bad ? 'cross' : component === null ? 'diamond' : 'ring'}
                className={clsx('mt-1', bad ? 'text-mark-bad' : 'text-ink-3')}
              />
              <span className="min-w-0 flex-1 text-pretty wrap-anywhere">
                {bad && <span className="sr-only">Bad: </span>}
                {text}
              </span>
              <AbsoluteTime at={at} className="text-12 text-ink-3 phone:hidden" />
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
