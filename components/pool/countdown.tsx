'use client';

import { countdownTone } from '@/components/pool/countdown-tone';
import { useClock } from '@/components/ui/clock';
import { Glyph } from '@/components/ui/glyph';
import { AbsoluteTime, RelativeTime, Timer } from '@/components/ui/relative-time';

interface CountdownProps {
  until: number;
  /** Of the lease, for the warning in its last fifth; null = not known. */
  lengthMs: number | null;
}

/** When a lease ends and how long that is, marked in its last fifth. */
export function Countdown({ until, lengthMs }: CountdownProps) {
  const tone = useClock((now) => countdownTone(until, lengthMs, now));
  if (tone === 'passed') {
    return (
      <span className="whitespace-nowrap text-warn">
        passed <RelativeTime at={until} />
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <AbsoluteTime at={until} toMinute />
      {tone === 'short' ? (
        <span className="inline-flex items-center gap-1 font-medium text-warn">
          <Glyph shape="triangle-full" className="text-mark-draining" />
          <span className="sr-only">ends soon: </span>
          <Timer until={until} />
        </span>
      ) : (
        <span className="text-ink-3">
          <Timer until={until} />
        </span>
      )}
    </span>
  );
}
