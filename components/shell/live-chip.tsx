'use client';

import { clsx } from 'clsx';
import { chipClass } from '@/components/ui/chip';
import { useZone } from '@/components/ui/clock';
import { Glyph } from '@/components/ui/glyph';
import { formatSecond } from '@/components/ui/zoned-time';

export type LiveState =
  /** `lagMs`: how old the last message was when it came. */
  { kind: 'live'; lagMs: number } | { kind: 'catching-up' } | { kind: 'polling' } | { kind: 'offline'; since: number };

/** How far what is shown can be trusted to be now. A change of kind is read out, the lag is not. */
export function LiveChip({ state }: { state: LiveState }) {
  const { zone } = useZone();
  return (
    <span role="status" className={clsx(chipClass(false), state.kind === 'offline' && 'border-mark-bad! text-bad!')}>
      {state.kind === 'live' && (
        <>
          <Glyph shape="disc" className="text-mark-started" />
          <span>
            Live<span aria-hidden="true"> · {(state.lagMs / 1000).toFixed(1)} s</span>
          </span>
        </>
      )}
      {state.kind === 'catching-up' && (
        <>
          <Glyph shape="ring-dashed" className="text-mark-starting" />
          Catching up
        </>
      )}
      {state.kind === 'polling' && (
        <>
          <Glyph shape="ring-dashed" className="text-mark-draining" />
          Every 5 s
        </>
      )}
      {state.kind === 'offline' && (
        <>
          <Glyph shape="cross" className="text-mark-bad" />
          <span>
            Offline since {formatSecond(state.since, zone)}
            <span className="phone:sr-only"> – showing old data</span>
          </span>
        </>
      )}
    </span>
  );
}
