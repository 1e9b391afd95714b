'use client';

import { clsx } from 'clsx';
import { usePathname } from 'next/navigation';
import { Logo } from '@/components/shell/logo';
import { RailIcon } from '@/components/shell/rail-icon';
import { isCurrent, mainPages, otherPages, pageHref, type RailPage } from '@/components/shell/rail-pages';
import { useShell } from '@/components/shell/shell-context';
import { keysOf } from '@/components/shell/shortcuts';
import { Button } from '@/components/ui/button';
import { Glyph } from '@/components/ui/glyph';
import { Menu, MenuLink } from '@/components/ui/menu';
import { PageLink } from '@/components/ui/page-link';

interface NavigationProps {
  /** Plans that wait for an approval: the only number here, because a person must act. */
  waiting: number;
  /** The rail shows marks instead of words. */
  narrow: boolean;
  onNarrow: (narrow: boolean) => void;
}

/** The rail at the left, which is a bar at the foot of a phone. */
export function Navigation({ waiting, narrow, onNarrow }: NavigationProps) {
  return (
    <>
      <nav
        aria-label="Main"
        className="sticky top-0 row-span-2 flex h-screen flex-col overflow-y-auto border-r border-line px-2 pb-3 phone:hidden"
      >
        <PageLink
          href="/"
          aria-label={narrow ? 'Roundhouse' : undefined}
          className="flex h-(--topbar) flex-none items-center gap-2 px-2 text-14 font-medium tracking-tight"
        >
          <Logo />
          {!narrow && 'Roundhouse'}
        </PageLink>
        <RailList pages={mainPages} {...{ waiting, narrow }} />
        <div className="mt-auto border-t border-line">
          <RailList pages={otherPages} {...{ waiting, narrow }} />
          <Button
            variant="quiet"
            block
            aria-expanded={!narrow}
            onClick={() => onNarrow(!narrow)}
            title={narrow ? 'Widen the rail' : undefined}
            className="mt-2 justify-start!"
          >
            <Glyph shape="chevron-down" className={narrow ? 'mx-0.5 -rotate-90' : 'rotate-90'} />
            <span className={clsx(narrow && 'sr-only')}>{narrow ? 'Widen the rail' : 'Narrow'}</span>
          </Button>
        </div>
      </nav>
      <TabBar waiting={waiting} />
    </>
  );
}

function RailList({
  pages,
  waiting,
  narrow,
}: { pages: readonly RailPage[] } & Pick<NavigationProps, 'waiting' | 'narrow'>) {
  const path = usePathname();
  const { environment } = useShell();
  return (
    <ul className="grid gap-px pt-2">
      {pages.map((page) => (
        <li key={page.href}>
          <PageLink
            href={pageHref(page, environment)}
            aria-current={isCurrent(path, page) ? 'page' : undefined}
            title={narrow ? page.label : undefined}
            className="group/page relative flex h-7 items-center rounded-control px-2 text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-[color-mix(in_srgb,var(--text)_7%,transparent)] aria-[current]:font-medium aria-[current]:text-ink"
          >
            {narrow && <RailIcon href={page.href} />}
            <span className={clsx(narrow && 'sr-only')}>{page.label}</span>
            {page.href === '/cycles' && waiting > 0 ? (
              <Waiting
                count={waiting}
                className={
                  narrow
                    ? 'absolute top-0 left-5 h-3.5 min-w-3.5 px-0.75 leading-3.5'
                    : 'ml-auto h-4.5 min-w-4.5 px-1.25 leading-4.5'
                }
              />
            ) : (
              !narrow &&
              page.action !== undefined && (
                <span
                  aria-hidden="true"
                  className="ml-auto rounded-[3px] border border-line-strong bg-panel px-1 text-11 text-ink-3 opacity-0 group-hover/page:opacity-100 group-focus-visible/page:opacity-100"
                >
                  {keysOf(page.action)}
                </span>
              )
            )}
          </PageLink>
        </li>
      ))}
    </ul>
  );
}

const tabClass =
  'relative grid place-content-center justify-items-center text-12 text-ink-2 focus-visible:-outline-offset-2 aria-[current]:font-medium aria-[current]:text-accent aria-[current]:shadow-[inset_0_2px_0_var(--accent)]';

function TabBar({ waiting }: { waiting: number }) {
  const path = usePathname();
  const { environment } = useShell();
  const isOther = otherPages.some((page) => isCurrent(path, page));
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 hidden h-13 auto-cols-fr grid-flow-col border-t border-line bg-panel phone:grid"
    >
      {mainPages.map((page) => (
        <PageLink
          key={page.href}
          href={pageHref(page, environment)}
          aria-current={isCurrent(path, page) ? 'page' : undefined}
          className={tabClass}
        >
          {page.label}
          {page.href === '/cycles' && waiting > 0 && (
            <Waiting
              count={waiting}
              className="absolute top-1 left-[calc(50%+14px)] h-3.5 min-w-3.5 px-0.75 leading-3.5"
            />
          )}
        </PageLink>
      ))}
      <Menu
        trigger={
          <button type="button" aria-current={isOther ? 'true' : undefined} className={tabClass}>
            More
          </button>
        }
      >
        {otherPages.map((page) => (
          <MenuLink key={page.href} href={page.href}>
            {page.label}
          </MenuLink>
        ))}
      </Menu>
    </nav>
  );
}

function Waiting({ count, className }: { count: number; className: string }) {
  return (
    <span
      title={`${count} waiting for approval`}
      className={clsx('rounded-full bg-accent text-center text-11 font-medium text-on-accent', className)}
    >
      {count}
      <span className="sr-only"> waiting for approval</span>
    </span>
  );
}
