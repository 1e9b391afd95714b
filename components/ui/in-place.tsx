'use client';

import {
  Activity,
  memo,
  type ReactNode,
  Suspense,
  startTransition,
  useEffect,
  useLayoutEffect,
  useReducer,
  useState,
} from 'react';
import { useDrawnByServer } from '@/components/ui/alive';

interface InPlaceProps {
  fallback?: ReactNode;
  /** Told when it is alive. Always the same function. */
  onAlive?: () => void;
  children: ReactNode;
}

/**
 * What comes late. The server sends a page whole, with this in its place: what Suspense holds would come behind the
 * page, and be put into it by a script when the browser has time. When one page follows another in the browser,
 * `fallback` stands for it until it is there.
 */
export function InPlace({ fallback = null, onAlive = ignore, children }: InPlaceProps) {
  if (useDrawnByServer()) return <Whole onAlive={onAlive}>{children}</Whole>;
  return (
    <Suspense fallback={fallback}>
      {children}
      <Tell onAlive={onAlive} />
    </Suspense>
  );
}

/** When what is not alive by then is asked to be, once more and again. */
const AGAIN_MS = 5_000;

/** Apart, so that what is around it is drawn again without it: what is not alive yet must not be handed anything new. */
const Whole = memo(function Whole({ onAlive, children }: Required<Omit<InPlaceProps, 'fallback'>>) {
  const [isAlive, setAlive] = useState(false);
  const [, askAgain] = useReducer((times: number) => times + 1, 0);
  // A page that was cut off in the middle, on a busy computer, was left as the server drew it.
  useEffect(() => {
    if (isAlive) return;
    const timer = setInterval(() => startTransition(askAgain), AGAIN_MS);
    return () => clearInterval(timer);
  }, [isAlive]);
  useLayoutEffect(() => {
    if (isAlive) onAlive();
  }, [isAlive, onAlive]);
  return (
    <Activity>
      {children}
      <Tell onAlive={setAlive} />
    </Activity>
  );
});

function Tell({ onAlive }: { onAlive: (isAlive: true) => void }) {
  useLayoutEffect(() => onAlive(true), [onAlive]);
  return null;
}

function ignore(): void {}
