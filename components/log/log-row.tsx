import { clsx } from 'clsx';
import { type MouseEvent, memo, type Ref } from 'react';
import { AnsiText } from '@/components/log/ansi-text';
import { levelLook } from '@/components/log/log-level-look';
import { formatExact } from '@/components/session/session-time';
import type { LogLineView } from '@/server/contract/session';

interface LogRowProps {
  /** Measures its height, where lines wrap. */
  ref: Ref<HTMLDivElement> | undefined;
  index: number;
  top: number;
  /** Null while it is on its way. */
  line: LogLineView | null;
  origin: number;
  wrap: boolean;
  search: string;
  pointed: boolean;
  /** To this line, from anywhere. */
  href: string;
  onChoose: (line: LogLineView) => void;
}

/** One line: its number, its time, its level as a letter and a colour, and what was written. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { ref, index, top, line, origin, wrap, search, pointed, href, onChoose } = props;
  const look = levelLook[line?.level ?? 'info'];
  const choose = (event: MouseEvent) => {
    if (line === null || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onChoose(line);
  };
  return (
    <div
      ref={ref}
      data-index={index}
      aria-current={pointed || undefined}
      style={{ transform: `translateY(${top}px)` }}
      className={clsx(
        'absolute top-0 left-0 flex min-h-5 gap-2 pr-4 leading-5',
        wrap ? 'w-full' : 'w-max min-w-full whitespace-pre',
        pointed ? 'bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]' : look.ground,
      )}
    >
      <a
        href={href}
        onClick={choose}
        tabIndex={-1}
        className="w-14 flex-none text-right text-ink-3 select-none hover:text-accent hover:underline phone:hidden"
      >
        {line === null ? '' : line.line + 1}
      </a>
      {line === null ? (
        <span className="text-ink-3">…</span>
      ) : (
        <>
          <a
            href={href}
            onClick={choose}
            tabIndex={-1}
            className="flex-none text-ink-3 select-none hover:text-accent phone:pl-2"
          >
            {formatExact(line.at - origin)}
          </a>
          <span title={`${line.level}, ${line.stream}`} className={clsx('flex-none select-none', look.text)}>
            {look.letter}
          </span>
          <span
            className={clsx('min-w-0', wrap && 'break-all whitespace-pre-wrap', line.level === 'debug' && 'text-ink-2')}
          >
            <AnsiText text={line.text} search={search} />
          </span>
        </>
      )}
    </div>
  );
});
