'use client';

import { useEffect, useRef, useState } from 'react';
import type { TimeRange } from '@/components/chart/time-range';

/** A wheel that has stood still for as long has stopped. */
const STILL_MS = 180;

interface HeldWindow {
  /** What is seen now; null = all. */
  readonly window: TimeRange | null;
  /** Shows a range while a gesture lasts, without telling anyone. */
  readonly hold: (range: TimeRange | null) => void;
  /** The same for a gesture that has no end of its own: it is over when nothing has come for a while. */
  readonly holdAWhile: (range: TimeRange | null) => void;
  /** The gesture is over: what is seen is told. */
  readonly settle: () => void;
}

/** What is seen of a time during a gesture, so that the page around the picture is not drawn again for each frame. */
export function useHeldWindow(told: TimeRange | null, onWindow: (range: TimeRange | null) => void): HeldWindow {
  const [held, setHeld] = useState<{ readonly range: TimeRange | null } | null>(null);
  const latest = useRef(held);
  const still = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(still.current), []);
  const hold = (range: TimeRange | null) => {
    latest.current = { range };
    setHeld(latest.current);
  };
  const settle = () => {
    clearTimeout(still.current);
    if (latest.current === null) return;
    onWindow(latest.current.range);
    latest.current = null;
    setHeld(null);
  };
  const holdAWhile = (range: TimeRange | null) => {
    hold(range);
    clearTimeout(still.current);
    still.current = setTimeout(settle, STILL_MS);
  };
  return { window: held === null ? told : held.range, hold, holdAWhile, settle };
}
