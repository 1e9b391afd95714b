'use client';

import { useWidth } from '@/components/chart/use-width';
import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import type { StartEstimateView } from '@/server/contract/pool';

const HEIGHT = 58;
const MARGIN = 20;
const MINUTE_MS = 60_000;
/** Distances between two marks of the axis, of which the shortest that leaves at most six is taken. */
const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 1_440].map((minutes) => minutes * MINUTE_MS);
const CHARACTER = 6.6;

interface EstimateRangeProps {
  estimate: StartEstimateView;
  /** The same in words: "10 to 25 min". */
  words: string;
}

/** From when to when the head of a queue may start, as a bar on the time from now, with a mark where it is as likely as not. */
export function EstimateRange({ estimate, words }: EstimateRangeProps) {
  const { ref, width } = useWidth<HTMLDivElement>(820);
  const now = useClock((at) => at - (at % 5_000));
  const from = Math.max(0, estimate.earliest - now);
  const middle = Math.max(0, estimate.p50 - now);
  const to = Math.max(from, estimate.latest - now);
  const likely = formatDuration(middle);
  // A range of one time has said it.
  const text = words.endsWith(likely) && from === to ? words : `${words}, p50 ${likely}`;
  const span = Math.max(10 * MINUTE_MS, to * 1.25);
  const step = STEPS.find((one) => span / one <= 6) ?? span / 4;
  const x = (ms: number) => MARGIN + (ms / span) * (width - 2 * MARGIN);
  const marks = Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step);
  const textWidth = text.length * CHARACTER;
  const right = x(to) + 6;
  const fitsRight = right + textWidth < width;
  const fitsLeft = x(from) - 6 - textWidth > 0;
  return (
    <div ref={ref}>
      <svg
        role="img"
        aria-label={`The head of the queue starts in ${text}`}
        width="100%"
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        fill="none"
        className="block font-sans text-11"
      >
        {marks.map((ms) => (
          <g key={ms}>
            <path d={`M${x(ms)} 6V38`} className="stroke-line" />
            <text x={x(ms)} y="53" textAnchor="middle" className="fill-ink-3">
              {ms === 0 ? 'now' : `+${formatDuration(ms)}`}
            </text>
          </g>
        ))}
        <rect
          x={x(from)}
          y="20"
          width={Math.max(2, x(to) - x(from))}
          height="14"
          rx="2"
          className="fill-fill-accent stroke-accent"
        />
        <path d={`M${x(middle)} 18V36`} className="stroke-accent" strokeWidth="2" />
        <path d={`M${x(0)} 6V38`} className="stroke-accent" strokeWidth="1.5" />
        <text
          x={fitsRight ? right : fitsLeft ? x(from) - 6 : width - MARGIN}
          y={fitsRight || fitsLeft ? 31 : 14}
          textAnchor={fitsRight ? 'start' : 'end'}
          className="fill-ink font-medium"
        >
          {text}
        </text>
      </svg>
    </div>
  );
}
