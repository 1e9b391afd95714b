import { clsx } from 'clsx';
import type { ReactNode } from 'react';

interface PanelProps {
  title?: ReactNode;
  /** A quiet fact beside the title: a count, an order. */
  note?: ReactNode;
  /** At the right of the header: links, a segmented control. */
  aside?: ReactNode;
  footer?: ReactNode;
  /** Tables, lists and notes reach the panel's edges. */
  flush?: boolean;
  /** Names the panel where it has no title. */
  label?: string;
  children?: ReactNode;
  className?: string;
}

/** One hairline around one thing. Panels are never nested. */
export function Panel({ title, note, aside, footer, flush = false, label, children, className }: PanelProps) {
  return (
    <section
      aria-label={label ?? (typeof title === 'string' ? title : undefined)}
      className={clsx('min-w-0 rounded-panel border border-line bg-panel', className)}
    >
      {(title !== undefined || aside !== undefined) && (
        <header className="flex min-h-10 items-center gap-3 border-b border-line px-4 py-1.75 phone:flex-wrap phone:gap-y-1">
          {title !== undefined && <h2 className="font-medium">{title}</h2>}
          {note !== undefined && <span className="text-12 text-ink-3">{note}</span>}
          {aside !== undefined && (
            <div className="ml-auto flex items-center gap-3 text-12 text-ink-3 phone:ml-0 phone:min-w-0 phone:flex-wrap">
              {aside}
            </div>
          )}
        </header>
      )}
      {children !== undefined && <div className={clsx(!flush && 'p-4')}>{children}</div>}
      {footer !== undefined && (
        <footer className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2 text-12 leading-5 text-ink-3">
          {footer}
        </footer>
      )}
    </section>
  );
}
