'use client';

import { clsx } from 'clsx';
import { STALE_AFTER_MS } from '@/components/cluster/live-cluster';
import { useClock } from '@/components/ui/clock';
import { Glyph } from '@/components/ui/glyph';
import { RelativeTime } from '@/components/ui/relative-time';

/** How long ago the facts were read; marked where that is too long to rely on them. */
export function SyncAge({ observedAt }: { observedAt: number | null }) {
  const isOld = useClock((now) => observedAt !== null && now - observedAt > STALE_AFTER_MS);
  if (observedAt === null) return <span className="text-ink-3">not read yet</span>;
  return (
    <span className={clsx('inline-flex items-center gap-1.5', isOld ? 'text-warn' : 'text-ink-3')}>
      {isOld && <Glyph shape="triangle-full" className="text-mark-draining" />}
      {isOld && <span className="sr-only">old data: </span>}
      <RelativeTime at={observedAt} />
    </span>
  );
}
