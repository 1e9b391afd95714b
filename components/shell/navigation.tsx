'use client';

import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Logo } from '@/components/shell/logo';

interface RailPage {
  readonly href: string;
  readonly label: string;
  /** Pages beneath another address that belong to this one. */
  readonly also?: string;
}

const pages: readonly RailPage[] = [
  { href: '/clusters', label: 'Clusters' },
  { href: '/cycles', label: 'Cycles' },
  { href: '/pools', label: 'Pools', also: '/reservations' },
  { href: '/sessions', label: 'Sessions' },
  { href: '/activity', label: 'Activity' },
  { href: '/people', label: 'People' },
];

interface NavigationProps {
  /** Plans that wait for an approval: the only number here, because a person must act. */
  waiting: number;
}

/** The rail at the left, which is a bar at the foot of a phone. */
export function Navigation({ waiting }: NavigationProps) {
  const path = usePathname();
  return (
    <>
      <nav
        aria-label="Main"
        className="sticky top-0 row-span-2 flex h-screen flex-col border-r border-line px-2 pb-3 phone:hidden"
      >
        <Link
          href="/clusters"
          className="flex h-(--topbar) flex-none items-center gap-2 px-2 text-14 font-medium tracking-tight"
        >
          <Logo />
          Roundhouse
        </Link>
        <ul className="grid gap-px pt-2">
          {pages.map((page) => (
            <li key={page.href}>
              <Link
                href={page.href}
                aria-current={isCurrent(path, page) ? 'page' : undefined}
                className="flex h-7 items-center rounded-control px-2 text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-[color-mix(in_srgb,var(--text)_7%,transparent)] aria-[current]:font-medium aria-[current]:text-ink"
              >
                {page.label}
                {page.href === '/cycles' && (
                  <Waiting count={waiting} className="ml-auto h-4.5 min-w-4.5 px-1.25 leading-4.5" />
                )}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-30 hidden h-13 auto-cols-fr grid-flow-col border-t border-line bg-panel phone:grid"
      >
        {pages.map((page) => (
          <Link
            key={page.href}
            href={page.href}
            aria-current={isCurrent(path, page) ? 'page' : undefined}
            className="relative grid place-content-center justify-items-center text-12 text-ink-2 focus-visible:-outline-offset-2 aria-[current]:font-medium aria-[current]:text-accent aria-[current]:shadow-[inset_0_2px_0_var(--accent)]"
          >
            {page.label}
            {page.href === '/cycles' && (
              <Waiting
                count={waiting}
                className="absolute top-1 left-[calc(50%+16px)] h-3.5 min-w-3.5 px-0.75 leading-3.5"
              />
            )}
          </Link>
        ))}
      </nav>
    </>
  );
}

function Waiting({ count, className }: { count: number; className: string }) {
  if (count === 0) return null;
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

function isCurrent(path: string, { href, also }: RailPage): boolean {
  return isWithin(path, href) || (also !== undefined && isWithin(path, also));
}

function isWithin(path: string, href: string): boolean {
  return path === href || path.startsWith(`${href}/`);
}
