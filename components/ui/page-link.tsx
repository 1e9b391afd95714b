// biome-ignore lint/style/noRestrictedImports: the one place that decides what is asked for ahead.
import Link from 'next/link';
import type { ComponentProps } from 'react';

/**
 * A link to a page of the console. Nothing is asked for ahead: what can be prepared of a page is little, and a list on
 * the screen would ask the server fifty times for pages that nobody opens.
 */
export function PageLink(props: Omit<ComponentProps<typeof Link>, 'prefetch'>) {
  return <Link {...props} prefetch={false} />;
}
