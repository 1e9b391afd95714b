'use client';

import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { drawSwimlanes } from '@/components/chart/swimlane-draw';
import { canvasLooks, readColours, type SwimlaneColours, type SwimlaneLooks } from '@/components/chart/swimlane-looks';
import type { SwimlaneView } from '@/components/chart/swimlane-view';

interface SwimlaneCanvasProps {
  view: SwimlaneView;
  /** The colours of the last drawing, for a file of it. */
  coloursRef: RefObject<SwimlaneColours | null>;
}

/** The drawing alone, redrawn whenever what is seen, the theme or the density of the screen changes. */
export function SwimlaneCanvas({ view, coloursRef }: SwimlaneCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const looks = useRef<{ readonly of: string; readonly looks: SwimlaneLooks } | null>(null);
  const theme = useTheme();
  const ratio = usePixelRatio();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (canvas.current === null || context === null) return;
    const of = `${theme} ${ratio}`;
    if (looks.current?.of !== of) {
      looks.current = { of, looks: canvasLooks(context, readColours(canvas.current), ratio) };
      coloursRef.current = looks.current.looks.colours;
    }
    const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
    // To set a size clears the canvas and takes its memory anew.
    if (canvas.current.width !== width) canvas.current.width = width;
    if (canvas.current.height !== height) canvas.current.height = height;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    drawSwimlanes(context, view, looks.current.looks);
  }, [view, theme, ratio, coloursRef]);
  return <canvas ref={canvas} className="sticky top-0 block" style={{ width: view.width, height: view.height }} />;
}

/** Counts the changes of the page's theme, by a person or by the system. */
export function useTheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const change = () => setChanges((count) => count + 1);
    const observer = new MutationObserver(change);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', change);
    return () => {
      observer.disconnect();
      system.removeEventListener('change', change);
    };
  }, []);
  return changes;
}

/** Pixels of the screen for each CSS pixel; it changes by zooming the page and by moving to another screen. */
export function usePixelRatio(): number {
  const [ratio, setRatio] = useState(() => (typeof window === 'undefined' ? 1 : window.devicePixelRatio));
  useEffect(() => {
    const query = matchMedia(`(resolution: ${ratio}dppx)`);
    const change = () => setRatio(window.devicePixelRatio);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, [ratio]);
  return ratio;
}
