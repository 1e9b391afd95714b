import { clsx } from 'clsx';
import type { CycleProgress } from '@/server/contract/cycle';

interface ProgressBarProps {
  progress: Pick<CycleProgress, 'replaced' | 'planned' | 'leaving' | 'skipped'>;
  large?: boolean;
  /** Nothing more will be replaced. */
  ended?: boolean;
}

/** A segment that is less of the bar than this has no room for its word. */
const WORD_SHARE = 0.12;

/** What a plan replaces, by how far it is: each segment as long as its count, with the number in it. */
export function ProgressBar({ progress, large = false, ended = false }: ProgressBarProps) {
  const { replaced, planned, leaving, skipped } = progress;
  const waiting = planned - replaced - leaving - skipped;
  const parts = [
    { word: 'replaced', count: replaced, fill: 'bg-fill-started border-mark-started' },
    { word: 'leaving', count: leaving, fill: 'hatch-draining' },
    { word: 'skipped', count: skipped, fill: 'bg-fill-unknown border-mark-unknown' },
    { word: ended ? 'left' : 'waiting', count: waiting, fill: 'bg-panel border-line-strong' },
  ].filter(({ count }) => count > 0);
  return (
    <span
      role="img"
      aria-label={progressInWords(progress)}
      className={clsx('flex w-full gap-px', large ? 'h-6 text-12 leading-5.5' : 'h-3 text-[0px]')}
    >
      {parts.length === 0 && <span className="w-full rounded-[2px] border border-dotted border-line-strong" />}
      {parts.map(({ word, count, fill }) => (
        <span
          key={word}
          title={`${count} ${word}`}
          style={{ flexGrow: count }}
          className={clsx('min-w-0.5 basis-0 overflow-hidden rounded-[2px] border text-center whitespace-nowrap', fill)}
        >
          {count}
          {count / planned >= WORD_SHARE && <span className="phone:hidden"> {word}</span>}
        </span>
      ))}
    </span>
  );
}

/** "6 of 10 replaced, 2 leaving, 1 skipped" */
export function progressInWords({ replaced, planned, leaving, skipped }: ProgressBarProps['progress']): string {
  return [
    `${replaced} of ${planned} replaced`,
    ...(leaving > 0 ? [`${leaving} leaving`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(', ');
}
