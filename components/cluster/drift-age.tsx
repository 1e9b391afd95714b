'use client';

import { clsx } from 'clsx';
import { useClock, useZone } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import { formatMoment } from '@/components/ui/zoned-time';

const LONG_MS = 14 * 86_400_000;

/** For how long a cluster has run something outdated. */
export function DriftAge({ since }: { since: number | null }) {
  const { zone } = useZone();
  const age = useClock((now) => (since === null ? null : formatDuration(now - since)));
  const isLong = useClock((now) => since !== null && now - since > LONG_MS);
  if (since === null) return <span className="text-ink-3">–</span>;
  return (
    <time
      dateTime={new Date(since).toISOString()}
      title={formatMoment(since, zone)}
      className={clsx(isLong && 'text-warn')}
    >
      {age}
    </time>
  );
}
