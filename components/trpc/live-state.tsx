'use client';

import { LiveChip } from '@/components/shell/live-chip';
import { useLiveStatus } from '@/components/trpc/use-live';

/** The live chip, of the stream of this tab. */
export function LiveState() {
  return <LiveChip state={useLiveStatus()} />;
}
