import { stepLine } from '@/components/chart/step-path';

const WIDTH = 96;
const HEIGHT = 20;
const GROUND = 18.5;
const CEILING = 1.5;

interface SparklineProps {
  /** What it is of, and its numbers in words. */
  label: string;
  /** Each holds until the next, the last until `to`. `share` is 0 to 1. */
  points: readonly { readonly at: number; readonly share: number }[];
  from: number;
  to: number;
}

/** A share over time, in the room of a word. */
export function Sparkline({ label, points, from, to }: SparklineProps) {
  const x = (at: number) => ((Math.min(Math.max(at, from), to) - from) / (to - from)) * WIDTH;
  const steps = points.map(({ at, share }) => ({ x: x(at), y: GROUND - share * (GROUND - CEILING) }));
  return (
    <svg role="img" aria-label={label} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} fill="none">
      <path d={`M0 ${GROUND}H${WIDTH}`} className="stroke-line" />
      <path d={stepLine(steps, WIDTH)} className="stroke-ink-2" strokeWidth="1.5" />
    </svg>
  );
}
