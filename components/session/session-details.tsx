'use client';

import { clsx } from 'clsx';
import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { TimeRange } from '@/components/chart/time-range';
import { useActions } from '@/components/pool/use-actions';
import { useSessionCursor } from '@/components/session/session-cursor';
import { SessionHead } from '@/components/session/session-head';
import { type SessionTab, sessionHref, sessionTabs, sessionView } from '@/components/session/session-view-search';
import { useLiveSession } from '@/components/session/use-live-session';
import { useClock } from '@/components/ui/clock';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { Tabs } from '@/components/ui/tabs';
import type { SessionView } from '@/server/contract/session';
import { timelineOf } from '@/server/domain/session/timeline.ts';

const ActionSteps = laterPart(
  dynamic(() => import('@/components/pool/action-steps').then((module) => module.ActionSteps)),
);
const FirstBad = laterPart(dynamic(() => import('@/components/session/first-bad').then((module) => module.FirstBad)));
const SessionEvents = laterPart(
  dynamic(() => import('@/components/session/session-events').then((module) => module.SessionEvents)),
);
const SessionExecutions = laterPart(
  dynamic(() => import('@/components/session/session-executions').then((module) => module.SessionExecutions)),
);
const SessionInputs = laterPart(
  dynamic(() => import('@/components/session/session-inputs').then((module) => module.SessionInputs)),
);
const SessionLog = laterPart(
  dynamic(() => import('@/components/session/session-log').then((module) => module.SessionLog)),
);
const SessionQueue = laterPart(
  dynamic(() => import('@/components/session/session-queue').then((module) => module.SessionQueue)),
);

const SessionResults = laterPart(
  dynamic(() => import('@/components/session/session-results').then((module) => module.SessionResults)),
);
const SessionGantt = laterPart(
  dynamic(() => import('@/components/chart/session-gantt').then((module) => module.SessionGantt)),
  <Panel title="Components">
    <div className="h-60" />
  </Panel>,
);

/** One session: how it stands, what each component went through, what was logged, measured and asked for. */
export function SessionDetails({ sessionId }: { sessionId: string }) {
  const session = useLiveSession(sessionId);
  const cursor = useSessionCursor(session);
  const actions = useActions<SessionView>();
  const timeline = useMemo(() => timelineOf(session), [session]);
  const names = timeline.rows.map(({ component }) => component);
  const { createdAt, state } = session;
  const go = (offset: number) => cursor.moveTo(createdAt + offset);
  const { last } = actions;
  return (
    <>
      <SessionHead session={session} actions={actions} onGo={go} />
      <PhoneTabs sessionId={sessionId} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {last !== null && <ActionSteps action={last} isSeen={last.isSeen(session)} onDismiss={actions.dismiss} />}
        {timeline.firstBad !== null && (
          <FirstBad
            at={timeline.firstBad.at - createdAt}
            text={timeline.firstBad.text}
            isBad={session.outcome !== 'succeeded'}
            onGo={() => cursor.moveTo(timeline.firstBad?.at ?? null, timeline.firstBad?.component ?? undefined)}
          />
        )}
        {state === 'queued' && <SessionQueue session={session} />}
        <Part of="timeline">
          <Gantt session={session} timeline={timeline} cursor={cursor} />
        </Part>
        <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4 narrow:grid-cols-[minmax(0,1fr)]">
          <Part of="log">
            <SessionLog session={session} names={names} cursor={cursor} />
          </Part>
          <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
            <Part of="timeline">
              <SessionResults session={session} />
            </Part>
            <Part of="events">
              <SessionEvents moments={timeline.moments} origin={createdAt} cursor={cursor} />
            </Part>
          </div>
        </div>
        <Part of="components">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <SessionExecutions session={session} names={names} cursor={cursor} />
          </div>
        </Part>
        <Part of="events">
          <SessionInputs session={session} />
        </Part>
      </div>
    </>
  );
}

const tabLabels = { timeline: 'Timeline', components: 'Components', log: 'Log', events: 'Events' } satisfies Record<
  SessionTab,
  string
>;

/** A phone shows one part at a time; a wider page shows all. */
function PhoneTabs({ sessionId }: { sessionId: string }) {
  const [tab] = useQueryState('tab', sessionView.tab);
  return (
    <div className="hidden phone:block">
      <Tabs
        label="Parts of the session"
        tabs={sessionTabs.map((one) => ({
          href: sessionHref(`/sessions/${sessionId}`, { tab: one }),
          label: tabLabels[one],
          current: one === tab,
        }))}
      />
    </div>
  );
}

/** A part of the page. Where the address names it, the page opens there. */
function Part({ of, children }: { of: SessionTab; children: ReactNode }) {
  const [tab] = useQueryState('tab', sessionView.tab);
  const ref = useRef<HTMLDivElement>(null);
  const isNamed = tab === of && of !== 'timeline';
  useEffect(() => {
    // A phone shows nothing but this part.
    if (isNamed && window.matchMedia('(width > 760px)').matches) ref.current?.scrollIntoView();
  }, [isNamed]);
  return (
    <div ref={ref} className={clsx('min-w-0 scroll-mt-16', tab !== of && 'phone:hidden')}>
      {children}
    </div>
  );
}

interface GanttProps {
  session: SessionView;
  timeline: ReturnType<typeof timelineOf>;
  cursor: ReturnType<typeof useSessionCursor>;
}

function Gantt({ session, timeline, cursor }: GanttProps) {
  const [range, setRange] = useState<TimeRange | null>(null);
  const { createdAt, endedAt, machines, ticks, spec, name } = session;
  // Longer sessions are drawn again less often: a second is then less than a pixel.
  const until = useClock((now) => {
    if (endedAt !== null) return endedAt;
    const step = Math.max(1_000, Math.floor((now - createdAt) / 600));
    return Math.floor(now / step) * step;
  });
  const total = spec.components.length;
  return (
    <SessionGantt
      title="Components"
      note={machines.length === 0 ? `${total} components` : `${machines.length} of ${total} machines held at once`}
      timeline={timeline}
      machines={new Map(machines.map(({ component, instanceId }) => [component, instanceId]))}
      ticks={ticks}
      submittedAt={createdAt}
      until={until}
      live={endedAt === null}
      range={range}
      onRange={setRange}
      cursor={cursor.at}
      onCursor={cursor.moveTo}
      selected={cursor.component}
      onSelect={cursor.select}
      fileName={`${name}-${session.id}`}
    />
  );
}
