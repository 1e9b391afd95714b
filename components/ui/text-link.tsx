import { clsx } from 'clsx';
import type { ComponentProps } from 'react';
import { PageLink } from '@/components/ui/page-link';

/** A link in running text or at the edge of a panel. */
export function TextLink({ className, ...rest }: ComponentProps<typeof PageLink>) {
  return <PageLink {...rest} className={clsx(linkClass, className)} />;
}

/** Looks like a link and acts in place. */
export function TextButton({ className, ...rest }: ComponentProps<'button'>) {
  return <button type="button" {...rest} className={clsx(linkClass, className)} />;
}

const linkClass = 'inline-flex min-h-6 items-center text-accent hover:underline';
