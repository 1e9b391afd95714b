'use client';

import { clsx } from 'clsx';
import { EstimateRange } from '@/components/chart/estimate-range';
import { rangeInWords } from '@/components/pool/pool-sentence';
import { useClock } from '@/components/ui/clock';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { ProgressLine } from '@/components/ui/progress-line';
import { Skeleton } from '@/components/ui/skeleton';
import { markOf, type Tone } from '@/components/ui/tone';
import type { AvailabilityView, StartEstimateView } from '@/server/contract/pool.ts';

interface AvailabilityProps {
  /** Null where nothing is asked yet, undefined until the first answer. */
  availability: AvailabilityView | null | undefined;
  /** The answer is for what was typed before. */
  isOld: boolean;
}

const looks = {
  now: { shape: 'tick', tone: 'ok' },
  later: { shape: 'ring-dashed', tone: 'info' },
  never: { shape: 'cross', tone: 'bad' },
} satisfies Record<AvailabilityView['answer'], { shape: GlyphShape; tone: Tone }>;

/** What would happen to a wish now: free, the honest wait, or why never. Read out when it changes. */
export function Availability({ availability, isOld }: AvailabilityProps) {
  return (
    <div>
      <ProgressLine active={isOld} />
      <div role="status" className={clsx('grid gap-3', isOld && 'text-ink-3')}>
        {availability === null ? (
          <p className="text-ink-2">Choose a pool and how many.</p>
        ) : availability === undefined ? (
          <Skeleton className="my-1.25 w-32" />
        ) : (
          <>
            <p className="flex items-baseline gap-2 text-14 text-pretty">
              <Glyph
                shape={looks[availability.answer].shape}
                className={clsx('translate-y-px', markOf[looks[availability.answer].tone])}
              />
              <b className="font-medium">{availability.sentence}</b>
            </p>
            {availability.answer === 'later' && availability.estimate !== null && (
              <Estimate estimate={availability.estimate} />
            )}
            <Pools availability={availability} />
          </>
        )}
      </div>
    </div>
  );
}

function Estimate({ estimate }: { estimate: StartEstimateView }) {
  const words = useClock((now) => rangeInWords(estimate, now));
  return (
    <div className="grid gap-2">
      <EstimateRange estimate={estimate} words={words} />
      <p className="text-12 text-pretty text-ink-2">
        {estimate.because} {estimate.mayMove}
      </p>
    </div>
  );
}

function Pools({ availability: { pools } }: { availability: AvailabilityView }) {
  return (
    <ul className="grid gap-1 text-12 text-ink-2">
      {pools.map(({ name, requested, available, capacity, problem }) => (
        <li key={name}>
          {requested} of <b className="font-medium text-ink">{name}</b>: {available} free of {capacity}
          {problem !== null && <span className="text-bad">; {problem}</span>}
        </li>
      ))}
    </ul>
  );
}
