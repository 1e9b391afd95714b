'use client';

import { healthMarks } from '@/components/chart/session-gantt-looks';
import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import { Glyph } from '@/components/ui/glyph';
import type { HealthSpan } from '@/server/domain/session/health-stripe';

interface HealthStripeProps {
  /** In their order, at least one. */
  spans: readonly HealthSpan[];
  /** Where a span that goes on ends; null = now. */
  until: number | null;
}

const WIDTH = 120;

/** How well a session was over its time, in one line; the mark beside it is the worst of it. */
export function HealthStripe({ spans, until }: HealthStripeProps) {
  const end = useClock((now) => until ?? Math.floor(now / 10_000) * 10_000);
  const from = spans[0]?.from ?? end;
  const length = Math.max(end - from, 1);
  const x = (at: number) => Math.min(Math.max(((at - from) / length) * WIDTH, 0), WIDTH);
  const worst = worstOf(spans);
  const { shape, mark } = healthMarks[worst];
  return (
    <span className="flex min-w-0 items-center gap-2" role="img" aria-label={stripeInWords(spans, end)}>
      <Glyph shape={shape} className={mark} />
      <svg
        viewBox={`0 0 ${WIDTH} 10`}
        preserveAspectRatio="none"
        height="10"
        aria-hidden="true"
        className="block w-full min-w-0 flex-1"
        fill="none"
      >
        {spans.map((span) => {
          const look = healthMarks[span.health];
          // Bad spans stand higher, so they are seen without their colour and however short.
          const thick = span.health === 'failed' ? 10 : span.health === 'not-ready' ? 7 : 4;
          return (
            <path
              key={span.from}
              d={`M${x(span.from)} 5H${Math.max(x(span.to ?? end), x(span.from) + 1.5)}`}
              className={look.stroke}
              strokeWidth={thick}
              strokeDasharray={look.dash}
            />
          );
        })}
      </svg>
    </span>
  );
}

const WORST = ['failed', 'not-ready', 'unknown', 'ready', 'succeeded'] as const;

function worstOf(spans: readonly HealthSpan[]): HealthSpan['health'] {
  return WORST.find((health) => spans.some((span) => span.health === health)) ?? 'unknown';
}

function stripeInWords(spans: readonly HealthSpan[], end: number): string {
  const parts = spans.map(
    ({ health, from, to }) => `${healthMarks[health].word} ${formatDuration((to ?? end) - from)}`,
  );
  return `Health: ${parts.join(', then ')}`;
}
