'use client';

// biome-ignore lint/style/noRestrictedImports: the one place that decides what is prepared ahead.
import Link from 'next/link';
import { type ComponentProps, useState } from 'react';

/**
 * A link to a page of the console. The page is prepared once the pointer or the focus is on the link: a list on the
 * screen would otherwise ask the server for fifty pages that nobody opens.
 */
export function PageLink({ onPointerEnter, onFocus, ...rest }: Omit<ComponentProps<typeof Link>, 'prefetch'>) {
  const [isNear, setNear] = useState(false);
  return (
    <Link
      {...rest}
      prefetch={isNear ? null : false}
      onPointerEnter={(event) => {
        setNear(true);
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        setNear(true);
        onFocus?.(event);
      }}
    />
  );
}
