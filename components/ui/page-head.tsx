import type { ReactNode } from 'react';
import { PageLink } from '@/components/ui/page-link';

interface PageHeadProps {
  /** The way here, without the page itself. */
  crumbs?: readonly { label: ReactNode; href?: string }[];
  title: ReactNode;
  /** The state of the object, before its title. */
  mark?: ReactNode;
  /** The sentence with the numbers that decide. Set them in `<b>`. */
  lead?: ReactNode;
  actions?: ReactNode;
}

export function PageHead({ crumbs = [], title, mark, lead, actions }: PageHeadProps) {
  return (
    <div className="mb-4 flex items-start gap-4 phone:flex-col phone:gap-3">
      <div className="min-w-0">
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb" className="mb-1">
            <ol className="flex flex-wrap text-12 text-ink-3">
              {crumbs.map((crumb, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a crumb is its place
                <li key={index} className="after:px-1 after:content-['/'] last:after:content-none">
                  {crumb.href === undefined ? (
                    crumb.label
                  ) : (
                    <PageLink href={crumb.href} className="hover:text-ink hover:underline">
                      {crumb.label}
                    </PageLink>
                  )}
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1 className="flex items-center gap-1.5 text-18 font-medium tracking-tight">
          {mark}
          {title}
        </h1>
        {lead !== undefined && (
          <div className="max-w-[96ch] text-14 text-pretty text-ink-2 [&_b]:font-medium [&_b]:text-ink">{lead}</div>
        )}
      </div>
      {actions !== undefined && (
        <div className="ml-auto flex flex-none items-start gap-2 phone:ml-0 phone:w-full phone:flex-wrap">
          {actions}
        </div>
      )}
    </div>
  );
}
