'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useEffectEvent } from 'react';

const ANSWERS_WITHIN_MS = 3_000;

/**
 * While the server does not answer, a link would leave for the browser's own page of errors, and what is shown would be
 * lost. Then it is asked first: the page stays where it is still silent, and `onStay` tells why.
 */
export function useStayOffline(isOffline: boolean, onStay: () => void): void {
  const router = useRouter();
  const click = useEffectEvent((event: MouseEvent) => {
    const address = linkedPage(event);
    if (address === null) return;
    event.preventDefault();
    void isAnswering().then((answers) => (answers ? router.push(address) : onStay()));
  });
  useEffect(() => {
    if (!isOffline) return;
    const listener = (event: MouseEvent) => click(event);
    // Before the links themselves, which leave alone what somebody has prevented.
    window.addEventListener('click', listener, { capture: true });
    return () => window.removeEventListener('click', listener, { capture: true });
  }, [isOffline]);
}

/** The page of this console that a click leads to in this tab; null = none. */
function linkedPage(event: MouseEvent): string | null {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
  if (link === null || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download'))
    return null;
  const { pathname, search } = location;
  const isHere = link.hash !== '' && link.pathname === pathname && link.search === search;
  return isHere ? null : link.href;
}

async function isAnswering(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) })).ok;
  } catch {
    return false;
  }
}
