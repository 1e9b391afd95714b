import { clsx } from 'clsx';
import { type InstanceKind, instanceKinds, instanceLook } from '@/components/cluster/instance-look';
import type { StateCounts } from '@/server/contract/cluster';

interface StateBarProps {
  counts: StateCounts;
  size?: 'small' | 'normal' | 'large';
}

const sizes = {
  small: 'h-3 text-[0px]',
  normal: 'h-4 text-11 leading-3.5',
  large: 'h-6 text-12 leading-5.5',
};

/** A number of so many digits is shown where there is room for it. */
const room: Readonly<Record<number, string>> = {
  1: '@min-[9px]:inline',
  2: '@min-[16px]:inline',
  3: '@min-[23px]:inline',
  4: '@min-[30px]:inline',
};

/** A cluster's instances by state: each segment as long as its count, with the number in it where that fits. */
export function StateBar({ counts, size = 'normal' }: StateBarProps) {
  const kinds = instanceKinds.filter((kind) => counts[kind] > 0);
  return (
    <span role="img" aria-label={describeCounts(counts)} className={clsx('flex w-full gap-px', sizes[size])}>
      {kinds.length === 0 && <span className="w-full rounded-[2px] border border-dotted border-line-strong" />}
      {kinds.map((kind) => (
        <span
          key={kind}
          title={`${counts[kind]} ${instanceLook[kind].word}`}
          style={{ flexGrow: counts[kind] }}
          className={clsx(
            '@container min-w-1.5 basis-0 overflow-hidden rounded-[2px] text-center whitespace-nowrap',
            instanceLook[kind].fill,
          )}
        >
          <span className={clsx('hidden', room[Math.min(String(counts[kind]).length, 4)])}>{counts[kind]}</span>
        </span>
      ))}
    </span>
  );
}

/** The same bar in words: "9 started, 1 draining". */
export function describeCounts(counts: StateCounts): string {
  const parts = instanceKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${instanceLook[kind].word}`);
  return parts.length === 0 ? 'no instances' : parts.join('; ');
}

/** The key to state bars: the kinds that occur in them. */
export function StateLegend({ kinds = instanceKinds }: { kinds?: readonly InstanceKind[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1 text-12 text-ink-2">
      {kinds.map((kind) => (
        <li key={kind} className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className={clsx('h-2.5 w-3.5 rounded-[2px]', instanceLook[kind].fill)} />
          {instanceLook[kind].letter} {instanceLook[kind].word}
        </li>
      ))}
    </ul>
  );
}
