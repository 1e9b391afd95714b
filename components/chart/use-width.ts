'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';

/** The width of an element, in CSS pixels; `initial` on the server and until it is measured. */
export function useWidth<T extends HTMLElement>(initial: number): { ref: RefObject<T | null>; width: number } {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    if (ref.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
