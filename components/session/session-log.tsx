'use client';

import dynamic from 'next/dynamic';
import type { SessionCursor } from '@/components/session/session-cursor';
import { sessionHref } from '@/components/session/session-view-search';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { SkeletonRows } from '@/components/ui/skeleton';
import type { SessionView } from '@/server/contract/session';

const LogViewer = dynamic(() => import('@/components/log/log-viewer').then((module) => module.LogViewer), {
  ssr: false,
  loading: () => <SkeletonRows rows={12} />,
});

/** More than so many components are chosen from a list. */
const TABS_UP_TO = 6;

interface SessionLogProps {
  session: SessionView;
  /** Names of the components in the order of reading: the driver first. */
  names: readonly string[];
  cursor: SessionCursor;
}

/** The logs of the components, one at a time. */
export function SessionLog({ session, names, cursor }: SessionLogProps) {
  const execution = session.executions.find(({ name }) => name === cursor.component);
  const options = names.map((value) => ({ value, label: value }));
  const choose = (name: string) => cursor.select(name);
  return (
    <Panel
      title="Log"
      flush
      aside={
        names.length > TABS_UP_TO ? (
          <Select aria-label="Component" options={options} value={cursor.component} onChange={choose} />
        ) : (
          <Segmented label="Component" options={options} value={cursor.component} onChange={choose} />
        )
      }
    >
      {execution === undefined ? (
        <EmptyState title={`${cursor.component} has not been started`}>
          {session.outcome === null
            ? 'Its log begins when it is: servers first, then clients, then the driver.'
            : 'The session ended before its turn came, so it wrote nothing.'}
        </EmptyState>
      ) : (
        <LogViewer
          key={execution.id}
          executionId={execution.id}
          known={execution.logLines}
          origin={session.createdAt}
          cursor={cursor.at}
          line={cursor.line}
          onChoose={cursor.pointTo}
          hrefOf={(line, at) =>
            sessionHref(`/sessions/${session.id}`, {
              c: execution.name,
              line,
              t: at === null ? null : Math.max(0, at - session.createdAt),
            })
          }
        />
      )}
    </Panel>
  );
}
