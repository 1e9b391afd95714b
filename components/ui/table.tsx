// biome-ignore-all lint/a11y/noRedundantRoles: on a phone rows are cards, whose `display` takes the implied roles away

import { clsx } from 'clsx';
import type { ComponentProps, CSSProperties, ReactNode } from 'react';
import { Glyph } from '@/components/ui/glyph';
import { PageLink } from '@/components/ui/page-link';

interface TableProps {
  /** Names the table for those who do not see it. */
  caption: string;
  /** Rows of 40 px, for rows with bars or two lines. */
  tall?: boolean;
  /** Rows in the whole list, where only a part of it is drawn. */
  rowCount?: number;
  /**
   * The widths of the columns, as a grid has them. Then each row is laid out for itself: in a long list rows come and go
   * while it is scrolled, and each time the browser would measure all the others, and move the columns.
   */
  columns?: string;
  children: ReactNode;
}

export function Table({ caption, tall = false, rowCount, columns, children }: TableProps) {
  return (
    // Relative, so that words for screen readers scroll with their cells and do not widen the page.
    <div
      className="relative overflow-x-auto"
      {...(columns !== undefined && { 'data-columns': true, style: { '--columns': columns } as CSSProperties })}
    >
      <table
        role="table"
        aria-rowcount={rowCount}
        data-tall={tall || undefined}
        className="group/table w-full border-collapse phone:block"
      >
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </div>
  );
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead role="rowgroup" className="phone:hidden">
      <tr role="row">{children}</tr>
    </thead>
  );
}

export function TableBody(props: Omit<ComponentProps<'tbody'>, 'className'>) {
  return <tbody role="rowgroup" {...props} className="phone:block" />;
}

export type SortDirection = 'ascending' | 'descending';

interface Sort {
  /** How the list is sorted by this column now; null when by another. */
  direction: SortDirection | null;
  /** Where the list is sorted by this column, or the other way round. */
  href: string;
}

interface ColumnProps {
  numeric?: boolean;
  sort?: Sort;
  /** Before the column's word: the box that selects all rows. */
  before?: ReactNode;
  className?: string;
  children?: ReactNode;
}

export function Column({ numeric = false, sort, before, className, children }: ColumnProps) {
  return (
    <th
      scope="col"
      role="columnheader"
      aria-sort={sort?.direction ?? undefined}
      className={clsx(
        'h-8 border-b border-line px-3 text-12 font-regular whitespace-nowrap text-ink-3 first:pl-4 last:pr-4',
        numeric ? 'text-right' : 'text-left',
        className,
      )}
    >
      {before !== undefined && <span className="mr-2 inline-flex align-middle">{before}</span>}
      {sort === undefined ? (
        children
      ) : (
        <PageLink
          href={sort.href}
          scroll={false}
          className={clsx('inline-flex h-6 items-center gap-1 hover:text-ink', sort.direction !== null && 'text-ink')}
        >
          {children}
          {sort.direction !== null && (
            <Glyph shape={sort.direction === 'ascending' ? 'arrow-up' : 'arrow-down'} className="size-2.5" />
          )}
        </PageLink>
      )}
    </th>
  );
}

interface RowProps extends Omit<ComponentProps<'tr'>, 'className'> {
  selected?: boolean;
  /** Its facts are old: it stays readable and grey. */
  stale?: boolean;
  /** It is no longer there; it goes in a few seconds. */
  gone?: boolean;
}

export function Row({ selected = false, stale = false, gone = false, ...rest }: RowProps) {
  return (
    <tr
      role="row"
      {...rest}
      aria-selected={selected || undefined}
      className={clsx(
        'border-b border-line last:border-b-0',
        selected ? 'bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover',
        stale && '[&_td]:text-ink-3',
        gone && '[&_td]:text-ink-3 [&_td]:line-through',
        'phone:grid phone:grid-cols-2 phone:gap-x-3 phone:gap-y-0.5 phone:px-4 phone:py-3',
      )}
    />
  );
}

interface CellProps {
  /** The column's word, shown beside the value where rows are cards. */
  label?: string;
  numeric?: boolean;
  /** Takes the whole width of a card. */
  wide?: boolean;
  className?: string;
  children?: ReactNode;
}

const cellBox = 'h-8 px-3 py-0.5 align-middle group-data-tall/table:h-10 first:pl-4 last:pr-4';

export function Cell({ label, numeric = false, wide = false, className, children }: CellProps) {
  return (
    <td
      role="cell"
      data-label={label}
      className={clsx(
        cellBox,
        numeric && 'text-right whitespace-nowrap',
        'phone:flex phone:h-auto! phone:min-h-6 phone:items-center phone:gap-2 phone:p-0! phone:text-left phone:has-[>div:empty]:hidden',
        label !== undefined &&
          'phone:before:flex-[0_0_56px] phone:before:text-12 phone:before:text-ink-3 phone:before:content-[attr(data-label)]',
        wide && 'phone:col-span-full',
        className,
      )}
    >
      {/* One box, so that on a card the label stands beside the whole value and not between its parts. */}
      <div className="contents phone:block phone:min-w-0 phone:flex-1">{children}</div>
    </td>
  );
}

/** The cell that names its row. */
export function RowHeader({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <th
      scope="row"
      role="rowheader"
      className={clsx(
        cellBox,
        'text-left font-regular phone:col-span-full phone:block phone:h-auto! phone:p-0! phone:[&_a]:min-h-9',
        className,
      )}
    >
      {children}
    </th>
  );
}
