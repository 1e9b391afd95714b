import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Navigation } from '@/components/shell/navigation';
import { ZoneToggle } from '@/components/shell/zone-toggle';

interface AppShellProps {
  /** Plans that wait for an approval. */
  waiting: number;
  /** The rail shows marks instead of words. */
  narrow: boolean;
  onNarrow: (narrow: boolean) => void;
  /** The filter by environment: EnvironmentFilter. */
  environments: ReactNode;
  /** What opens the palette: SearchField. */
  search: ReactNode;
  /** How fresh the page is: LiveChip. */
  live: ReactNode;
  /** UserMenu. */
  account: ReactNode;
  children: ReactNode;
}

/** What stands around every page of those who are signed in. */
export function AppShell({ waiting, narrow, onNarrow, environments, search, live, account, children }: AppShellProps) {
  return (
    <>
      <a
        href="#main"
        className="fixed -top-10 left-2 z-60 rounded-control border border-line-strong bg-panel px-3 py-1 focus:top-2"
      >
        Skip to content
      </a>
      <div
        className={clsx(
          'grid min-h-screen grid-rows-[var(--topbar)_1fr] phone:block phone:pb-13',
          narrow ? 'grid-cols-[48px_minmax(0,1fr)]' : 'grid-cols-[var(--rail)_minmax(0,1fr)]',
        )}
      >
        <Navigation waiting={waiting} narrow={narrow} onNarrow={onNarrow} />
        <header className="sticky top-0 z-15 flex h-(--topbar) items-center gap-3 border-b border-line bg-panel px-5 phone:gap-2 phone:px-4">
          {environments}
          {search}
          <div className="ml-auto flex min-w-0 flex-none items-center gap-2">
            {live}
            <span className="contents phone:hidden">
              <ZoneToggle />
            </span>
            {account}
          </div>
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="w-full max-w-350 min-w-0 px-5 pt-5 pb-8 outline-none phone:px-4 phone:pt-4 phone:pb-6 phone:has-data-thumb:pb-32"
        >
          {children}
        </main>
      </div>
    </>
  );
}
