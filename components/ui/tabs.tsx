import { clsx } from 'clsx';
import { PageLink } from '@/components/ui/page-link';

interface TabsProps {
  /** What the tabs are views of, for those who do not see them. */
  label: string;
  tabs: readonly { href: string; label: string; current: boolean; count?: number }[];
}

/** Views of one object. Each has an address, so they are links. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <nav
      aria-label={label}
      className="mb-4 flex [scrollbar-width:none] gap-5 overflow-x-auto overflow-y-hidden border-b border-line"
    >
      {tabs.map((tab) => (
        <PageLink
          key={tab.href}
          href={tab.href}
          scroll={false}
          aria-current={tab.current ? 'page' : undefined}
          className={clsx(
            'h-8.5 border-b-2 py-1.5 whitespace-nowrap focus-visible:-outline-offset-2 phone:h-10 phone:py-2',
            tab.current ? 'border-accent font-medium text-ink' : 'border-transparent text-ink-2 hover:text-ink',
          )}
        >
          {tab.label}
          {tab.count !== undefined && <span className="font-regular text-ink-3"> {tab.count}</span>}
        </PageLink>
      ))}
    </nav>
  );
}
