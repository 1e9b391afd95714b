'use client';

import { usePictureNow } from '@/components/cycle/use-picture-now';
import type { TimeTravel } from '@/components/cycle/use-time-travel';
import { Button } from '@/components/ui/button';
import { useZone } from '@/components/ui/clock';
import { formatSecond } from '@/components/ui/zoned-time';
import type { CycleView } from '@/server/contract/cycle';

interface CycleScrubberProps {
  cycle: CycleView;
  travel: TimeTravel;
  /** Whether there is a history to look back into. */
  ready: boolean;
}

/** Moves the whole page to a moment of the cycle. Its right end is now. */
export function CycleScrubber({ cycle, travel, ready }: CycleScrubberProps) {
  const { zone } = useZone();
  const to = usePictureNow(cycle);
  const { at } = travel;
  const end = cycle.endedAt === null ? 'now' : 'the end';
  return (
    <div className="flex min-w-60 flex-1 items-center gap-2 phone:basis-full">
      <Button size="small" aria-label="Previous event" disabled={!ready} onClick={() => travel.step(-1)}>
        <kbd>[</kbd>
      </Button>
      <input
        type="range"
        aria-label="Moment of the cycle"
        aria-valuetext={at === null ? end : formatSecond(at, zone)}
        min={cycle.createdAt}
        max={Math.max(to, cycle.createdAt + 1)}
        // A press of a key is worth seeing, and no more than an event.
        step={Math.max(1, Math.round((to - cycle.createdAt) / 400))}
        value={at ?? Math.max(to, cycle.createdAt + 1)}
        disabled={!ready}
        onChange={(event) => {
          const { valueAsNumber, max } = event.currentTarget;
          const step = Number(event.currentTarget.step);
          travel.moveTo(valueAsNumber > Number(max) - step ? null : valueAsNumber);
        }}
        className="h-7 min-w-24 flex-1 accent-accent phone:h-9"
      />
      <Button size="small" aria-label="Next event" disabled={!ready || at === null} onClick={() => travel.step(1)}>
        <kbd>]</kbd>
      </Button>
      <span className="w-16 text-right text-12 text-ink-2">{at === null ? end : formatSecond(at, zone)}</span>
    </div>
  );
}
