'use client';

import { useClock } from '@/components/ui/clock';
import { RelativeTime, Timer } from '@/components/ui/relative-time';

/** How long it is to a deadline to the second, or how long ago it passed. */
export function Deadline({ at }: { at: number }) {
  const isPast = useClock((now) => now >= at);
  return isPast ? (
    <span className="text-warn">
      passed <RelativeTime at={at} />
    </span>
  ) : (
    <>
      in <Timer until={at} />
    </>
  );
}
