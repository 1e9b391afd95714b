import { clsx } from 'clsx';

/** A bar where text will stand. It shows after 150 ms, so that a quick answer never flickers. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={clsx(
        'block h-2.5 animate-appear rounded-[2px] bg-[color-mix(in_srgb,var(--text)_8%,transparent)]',
        className,
      )}
    />
  );
}

/** Rows of the true height, while the rows themselves are on the way. */
export function SkeletonRows({ rows, tall = false }: { rows: number; tall?: boolean }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are alike and never move
          key={row}
          className={clsx('flex items-center gap-8 border-b border-line px-4 last:border-b-0', tall ? 'h-10' : 'h-8')}
        >
          <Skeleton className="w-1/5" />
          <Skeleton className="w-2/5" />
          <Skeleton className="ml-auto w-1/12" />
        </div>
      ))}
    </div>
  );
}
