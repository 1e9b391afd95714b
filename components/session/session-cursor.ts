'use client';

import { useQueryStates } from 'nuqs';
import { sessionView } from '@/components/session/session-view-search';
import type { LogLineView, SessionView } from '@/server/contract/session';

export interface SessionCursor {
  /** The one moment that Gantt, log, events and results point to, epoch milliseconds; null = none. */
  readonly at: number | null;
  /** A line of the selected component's log, from 1; null where only a moment is pointed to. */
  readonly line: number | null;
  /** The component that is looked at. */
  readonly component: string;
  moveTo(at: number | null, component?: string): void;
  pointTo(line: LogLineView | null): void;
  select(component: string): void;
}

/** What is looked at on the page of a session. It is in the address, so that a link shows the same. */
export function useSessionCursor({ createdAt, spec }: SessionView): SessionCursor {
  const [{ c, t, line }, setView] = useQueryStates(sessionView);
  const driver = spec.components.find(({ kind }) => kind === 'driver') ?? spec.components[0];
  const chosen = spec.components.find(({ name }) => name === c) ?? driver;
  const offset = (at: number) => Math.max(0, at - createdAt);
  return {
    at: t === null ? null : createdAt + t,
    line,
    component: chosen?.name ?? '',
    moveTo: (at, component) =>
      void setView({
        t: at === null ? null : offset(at),
        line: null,
        ...(component !== undefined && { c: component }),
      }),
    pointTo: (pointed) =>
      void setView(
        pointed === null
          ? { t: null, line: null }
          : { t: offset(pointed.at), line: pointed.line + 1, c: chosen?.name ?? null },
      ),
    select: (component) => void setView({ c: component, line: null }),
  };
}
