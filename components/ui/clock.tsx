'use client';

import {
  createContext,
  type ReactNode,
  startTransition,
  useCallback,
  useContext,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { type ClockSource, createClockSource } from '@/components/ui/clock-source';
import { rememberPreference, ZONE_COOKIE } from '@/components/ui/preferences';

interface ClockContextValue {
  source: ClockSource;
  zone: string;
  chooseZone: (zone: string) => void;
}

const ClockContext = createContext<ClockContextValue | null>(null);

interface ClockProviderProps {
  /** `Date.now()` of the server while it renders the page. */
  serverNow: number;
  /** The zone of the cookie, by `parseZone`. */
  zone: string;
  children: ReactNode;
}

/** Gives every time on the page the server's clock and the chosen zone. One stands around the whole app. */
export function ClockProvider({ serverNow, zone: initialZone, children }: ClockProviderProps) {
  const [source] = useState(() => createClockSource(serverNow, pageReceivedAt(), Date.now));
  const [zone, setZone] = useState(initialZone);
  const chooseZone = useCallback((chosen: string) => {
    rememberPreference(ZONE_COOKIE, chosen === 'UTC' ? undefined : chosen);
    // What is not alive yet is drawn in the new zone when it is, and holds nothing up.
    startTransition(() => setZone(chosen));
  }, []);
  const value = useMemo(() => ({ source, zone, chooseZone }), [source, zone, chooseZone]);
  return <ClockContext value={value}>{children}</ClockContext>;
}

interface MomentClockProps {
  /** The moment that all within is drawn at; null: the server's time, as around it. */
  at: number | null;
  children: ReactNode;
}

/** Lets the clock stand at a moment for a part of the page that shows the past. */
export function MomentClock({ at, children }: MomentClockProps) {
  const around = useClockContext();
  const value = useMemo(() => (at === null ? around : { ...around, source: standingAt(at) }), [around, at]);
  return <ClockContext value={value}>{children}</ClockContext>;
}

function standingAt(at: number): ClockSource {
  return { renderedAt: at, now: () => at, subscribe: () => () => undefined, sync: () => undefined };
}

/** When the first byte of this page came, by the local clock. */
function pageReceivedAt(): number {
  if (typeof window === 'undefined') return Date.now();
  const [navigation] = performance.getEntriesByType('navigation');
  return navigation instanceof PerformanceNavigationTiming
    ? performance.timeOrigin + navigation.responseStart
    : Date.now();
}

function useClockContext(): ClockContextValue {
  const value = useContext(ClockContext);
  if (value === null) throw new Error('There is no ClockProvider around this component');
  return value;
}

/** What `read` makes of the server's time. Renders again only when that changes, at most once a second. */
export function useClock<T extends string | number | boolean | null>(read: (now: number) => T): T {
  const { source } = useClockContext();
  return useSyncExternalStore(
    source.subscribe,
    () => read(source.now()),
    () => read(source.renderedAt),
  );
}

/** Reads the server's time, for what happens at a moment; what is drawn takes `useClock`. */
export function useServerNow(): () => number {
  return useClockContext().source.now;
}

/** Sets the clock by a message of the server. */
export function useSyncClock(): (serverNow: number) => void {
  return useClockContext().source.sync;
}

/** The zone in which times are told, and how to choose another. */
export function useZone(): { zone: string; chooseZone: (zone: string) => void } {
  return useClockContext();
}
