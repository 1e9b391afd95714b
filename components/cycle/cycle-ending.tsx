'use client';

import { behindMs, expectedEnd } from '@/components/cycle/deviation';
import { useClock, useZone } from '@/components/ui/clock';
import { formatSecond } from '@/components/ui/zoned-time';
import type { CycleView } from '@/server/contract/cycle';

/** When the cycle is expected to end, as it goes now. */
export function CycleEnding({ cycle: { startedAt, body, samples } }: { cycle: CycleView }) {
  const { zone } = useZone();
  const now = useClock((at) => Math.floor(at / 5_000) * 5_000);
  if (startedAt === null) return null;
  const { p50, p90 } = expectedEnd(body.forecast, startedAt, behindMs(body.forecast, samples, startedAt, now), now);
  return (
    <>
      Ends about <b>{formatSecond(p50, zone)}</b> (p90 {formatSecond(p90, zone)}).
    </>
  );
}
