import { clsx } from 'clsx';
import { partLook, partsThatOccur } from '@/components/pool/pool-look';
import { describeParts } from '@/components/pool/pool-sentence';
import type { PoolParts } from '@/server/contract/pool';
import { POOL_PARTS, type PoolPart } from '@/server/domain/pool/pool.ts';

/** Up to so many machines a bar shows where each of them is; of more, only how many are in each part. */
const COUNTABLE = 30;

interface PoolBarProps {
  parts: PoolParts;
  large?: boolean;
}

/** A pool's capacity, always as long as the room: each part as long as its count, with the number in it. */
export function PoolBar({ parts, large = false }: PoolBarProps) {
  const shown = partsThatOccur(parts);
  const capacity = shown.reduce((sum, part) => sum + parts[part], 0);
  return (
    <span
      role="img"
      aria-label={describeParts(parts)}
      className={clsx('flex w-full gap-px', large ? 'h-6 text-12 leading-5.5' : 'h-4 text-11 leading-3.5')}
    >
      {capacity === 0 && <span className="w-full rounded-[2px] border border-dotted border-line-strong" />}
      {shown.map((part) => (
        <Segment key={part} part={part} count={parts[part]} notched={capacity <= COUNTABLE} />
      ))}
    </span>
  );
}

/** The number is always there, its letter and its word where there is room for them. */
function Segment({ part, count, notched }: { part: PoolPart; count: number; notched: boolean }) {
  const { letter, word, fill } = partLook[part];
  return (
    <span
      title={`${count} ${word}`}
      style={{ flexGrow: count }}
      className={clsx(
        '@container relative min-w-0.5 basis-0 overflow-hidden rounded-[2px] text-center whitespace-nowrap',
        fill,
      )}
    >
      <span aria-hidden="true">
        <span className="hidden font-medium @min-[30px]:inline @min-[96px]:hidden">{letter} </span>
        {count}
        <span className="hidden @min-[96px]:inline"> {word}</span>
      </span>
      {notched && count > 1 && <Notches count={count} />}
    </span>
  );
}

/** A line at the foot between each two machines. */
function Notches({ count }: { count: number }) {
  return (
    <span aria-hidden="true" className="absolute inset-x-0 bottom-0 flex h-0.75 opacity-60">
      {Array.from({ length: count }, (_, machine) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the notches are alike and never move
        <span key={machine} className="flex-1 border-r border-ink-3 last:border-r-0" />
      ))}
    </span>
  );
}

interface PoolKeyProps {
  parts?: readonly PoolPart[];
  /** Told behind each word; left out where several pools share the key. */
  counts?: PoolParts;
}

/** The key to pool bars. */
export function PoolKey({ parts = POOL_PARTS, counts }: PoolKeyProps) {
  return (
    <ul aria-label="Key" className="flex flex-wrap gap-x-3 gap-y-1 text-12 text-ink-2">
      {parts.map((part) => (
        <li key={part} className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className={clsx('h-2.5 w-3.5 rounded-[2px]', partLook[part].fill)} />
          <span aria-hidden="true" className="font-medium">
            {partLook[part].letter}
          </span>
          {partLook[part].word}
          {counts !== undefined && <b className="font-medium text-ink">{counts[part]}</b>}
        </li>
      ))}
    </ul>
  );
}
