'use client';

import { useClock } from '@/components/ui/clock';
import type { CycleView } from '@/server/contract/cycle';

/** Until when the pictures of a cycle reach: its end, or now. Longer runs are drawn again less often. */
export function usePictureNow({ samples, createdAt, endedAt }: CycleView): number {
  const first = samples[0]?.at ?? createdAt;
  return useClock((at) => {
    const until = endedAt ?? at;
    // A second is then less than a pixel.
    const step = Math.max(1_000, Math.floor((until - first) / 600));
    return Math.floor(until / step) * step;
  });
}
