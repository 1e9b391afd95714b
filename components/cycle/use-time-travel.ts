'use client';

import { useQueryState } from 'nuqs';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { momentsOf } from '@/components/cycle/cycle-at';
import { cycleSearch } from '@/components/cycle/cycle-view-search';
import { momentWithin, nextMoment, spanOfHistory } from '@/components/cycle/time-travel';
import { useShell } from '@/components/shell/shell-context';
import { useClock, useServerNow } from '@/components/ui/clock';
import type { CycleHistory } from '@/server/domain/cycle/cycle-history';

export interface TimeTravel {
  /** The moment that the page shows, epoch milliseconds; null = now. */
  readonly at: number | null;
  /** Whether the address asks for the past, also while the history is still on its way. */
  readonly isAsked: boolean;
  moveTo(at: number | null): void;
  /** To the event before or after. */
  step(direction: -1 | 1): void;
}

/** The one moment that the pictures, tables and steps of a cycle show. `[`, `]` and Escape move it. */
export function useTimeTravel(history: CycleHistory | null): TimeTravel {
  const [asked, setAsked] = useQueryState('at', cycleSearch.at);
  const { singleKeys } = useShell();
  const serverNow = useServerNow();
  const moments = useMemo(() => (history === null ? [] : momentsOf(history)), [history]);
  const askedAt = asked?.getTime() ?? null;
  const isPast = useClock((now) => askedAt !== null && askedAt < (history?.to ?? now));
  const at = askedAt === null || history === null || !isPast ? null : Math.max(history.from, askedAt);
  const put = (moment: number | null) => void setAsked(moment === null ? null : new Date(moment));
  const moveTo = (moment: number | null) => {
    if (history === null || moment === null) put(null);
    else put(momentWithin(moment, spanOfHistory(history, serverNow())));
  };
  const step = (direction: -1 | 1) => {
    if (history !== null) put(nextMoment(moments, at, direction, spanOfHistory(history, serverNow())));
  };
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
    if (event.key === 'Escape' && at !== null) moveTo(null);
    else if (event.key === '[' && singleKeys) step(-1);
    else if (event.key === ']' && singleKeys) step(1);
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
  return { at, isAsked: isPast, moveTo, step };
}

/** Text goes into it, or it has all keys to itself. */
const ELSEWHERE =
  'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(ELSEWHERE) !== null;
}
