'use client';

import { clsx } from 'clsx';
import { useClock, useZone } from '@/components/ui/clock';
import { formatRelative, formatTimer } from '@/components/ui/duration';
import { formatDay, formatMinute, formatMoment, formatSecond } from '@/components/ui/zoned-time';

interface TimeProps {
  /** Epoch milliseconds. */
  at: number;
  className?: string;
}

/** How long ago or how soon; the moment itself on hover. */
export function RelativeTime({ at, className }: TimeProps) {
  const { zone } = useZone();
  const text = useClock((now) => formatRelative(at, now));
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={formatMoment(at, zone)}
      className={clsx('whitespace-nowrap', className)}
    >
      {text}
    </time>
  );
}

interface AbsoluteTimeProps extends TimeProps {
  /** Without the seconds, where they stand beside it anyway. */
  toMinute?: boolean;
}

/** The moment itself: its time when it is of today, else with its day; the whole of it on hover. */
export function AbsoluteTime({ at, className, toMinute = false }: AbsoluteTimeProps) {
  const { zone } = useZone();
  const today = useClock((now) => formatDay(now, zone) === formatDay(at, zone) && Math.abs(now - at) < 86_400_000);
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={formatMoment(at, zone)}
      className={clsx('whitespace-nowrap', className)}
    >
      {today
        ? toMinute
          ? formatMinute(at, zone)
          : formatSecond(at, zone)
        : `${formatDay(at, zone)} ${formatMinute(at, zone)}`}
    </time>
  );
}

/** A time that runs up from `since`, or down to `until`, to the second. */
export function Timer(props: { since: number } | { until: number }) {
  return (
    <span className="whitespace-nowrap">
      {useClock((now) => formatTimer('since' in props ? now - props.since : props.until - now))}
    </span>
  );
}

/** How long something took, or has taken while it goes on (`to` is null), to the second. */
export function Lasted({ from, to }: { from: number; to: number | null }) {
  return to === null ? <Timer since={from} /> : <span className="whitespace-nowrap">{formatTimer(to - from)}</span>;
}
