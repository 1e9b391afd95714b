'use client';

import { useClock, useZone } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import { formatMoment } from '@/components/ui/zoned-time';

/** For how long something has been so; since when on hover. */
export function Age({ since }: { since: number }) {
  const { zone } = useZone();
  const text = useClock((now) => formatDuration(now - since));
  return (
    <time dateTime={new Date(since).toISOString()} title={`since ${formatMoment(since, zone)}`}>
      {text}
    </time>
  );
}
