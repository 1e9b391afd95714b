import { clsx } from 'clsx';
import type { ReactNode } from 'react';

interface ListProps {
  label: string;
  /** The order matters, so the rows are numbered. */
  ordered?: boolean;
  children: ReactNode;
}

/** Rows of a flush panel that are no table. */
export function List({ label, ordered = false, children }: ListProps) {
  const Element = ordered ? 'ol' : 'ul';
  return (
    <Element
      aria-label={label}
      className={clsx(ordered && '[counter-reset:row]', 'group/list')}
      data-ordered={ordered || undefined}
    >
      {children}
    </Element>
  );
}

interface ListRowProps {
  /** Before the text: a mark, a time. */
  lead?: ReactNode;
  children: ReactNode;
  /** At the right, quiet: a reason, a moment. On a phone it goes below. */
  aside?: ReactNode;
}

export function ListRow({ lead, children, aside }: ListRowProps) {
  return (
    <li
      data-row
      className="flex min-h-8 items-center gap-3 border-b border-line px-4 py-1.25 [counter-increment:row] last:border-b-0 phone:flex-wrap phone:gap-y-0 phone:py-2"
    >
      <span
        aria-hidden="true"
        className="hidden w-4 text-right text-ink-3 group-data-ordered/list:block before:content-[counter(row)]"
      />
      {lead}
      <div className="min-w-0 flex-1 text-pretty [&_b]:font-medium">{children}</div>
      {aside !== undefined && (
        <div className="text-right text-12 text-ink-2 phone:basis-full phone:text-left phone:group-data-ordered/list:pl-7">
          {aside}
        </div>
      )}
    </li>
  );
}
