'use client';

import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';

const TICKS_DRAWN = 12;

/** Those who wait for a pool: a tick for each, how many, and how long the oldest has waited. */
export function QueueTicks({ waiting, oldestSince }: { waiting: number; oldestSince: number | null }) {
  const oldest = useClock((now) => (oldestSince === null ? null : formatDuration(now - oldestSince)));
  if (waiting === 0) return <span className="text-ink-3">nobody waits</span>;
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden="true" className="inline-flex h-4 flex-none items-center gap-0.5">
        {Array.from({ length: Math.min(waiting, TICKS_DRAWN) }, (_, tick) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the ticks are alike and never move
          <span key={tick} className="h-3 w-0.5 rounded-[1px] bg-ink-2" />
        ))}
      </span>
      <span className="whitespace-nowrap">
        <b className="font-medium">+{waiting}</b> waiting
        {oldest !== null && <span className="text-ink-2">, oldest {oldest}</span>}
      </span>
    </span>
  );
}
