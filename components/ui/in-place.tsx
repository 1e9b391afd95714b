'use client';

import { Activity, memo, type ReactNode, Suspense, useState } from 'react';
import { useAlive } from '@/components/ui/alive';

/**
 * What comes late. The server sends a page whole, with this in its place: what Suspense holds would come behind the
 * page, and be put into it by a script when the browser has time. When one page follows another in the browser,
 * `fallback` stands for it until it is there.
 */
export function InPlace({ fallback = null, children }: { fallback?: ReactNode; children: ReactNode }) {
  const [fromServer] = useState(!useAlive());
  return fromServer ? <Whole>{children}</Whole> : <Suspense fallback={fallback}>{children}</Suspense>;
}

/** Apart, so that it is drawn once: React takes away what is not alive yet where the element around it changes. */
const Whole = memo(function Whole({ children }: { children: ReactNode }) {
  return <Activity>{children}</Activity>;
});
