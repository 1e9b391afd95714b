'use client';

import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { instanceKind, instanceKinds, instanceLook } from '@/components/cluster/instance-look';
import { type HistorySegment, historySegments } from '@/components/cluster/state-history';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { useLive } from '@/components/trpc/use-live';
import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { Skeleton } from '@/components/ui/skeleton';
import type { ClusterView } from '@/server/contract/cluster.ts';
import { concerns } from '@/server/contract/instances-patch.ts';

const TURNS_SHOWN = 8;

/** What an instance was, as a bar and as the list of its turns. */
export function InstanceHistory({ cluster, instanceId }: { cluster: ClusterView; instanceId: string }) {
  const query = useTRPC().instance.byId.queryOptions({ clusterId: cluster.id, instanceId });
  const { data, error } = useQuery(query);
  useLive(`cluster:${cluster.id}`, cluster.seq, query.queryKey, (history, { body: { patch } }) =>
    patch !== undefined && !concerns(patch, instanceId) ? history : 'refetch',
  );
  if (data === undefined) {
    return error === null ? <HistorySkeleton /> : <p className="text-ink-2">{errorMessage(error)}</p>;
  }
  const segments = historySegments(data.transitions);
  if (segments.length === 0) return <p className="text-ink-3">Nothing was seen of it before.</p>;
  return (
    <>
      <HistoryBar segments={segments} present={cluster.config} />
      <ol aria-label="State history, newest first" reversed className="mt-2 grid gap-0.5 text-12">
        {segments
          .slice(-TURNS_SHOWN)
          .reverse()
          .map((segment) => (
            <HistoryTurn key={`${segment.from} ${segment.state} ${segment.health}`} segment={segment} />
          ))}
      </ol>
      {segments.length > TURNS_SHOWN && (
        <p className="text-12 text-ink-3">and {segments.length - TURNS_SHOWN} before</p>
      )}
    </>
  );
}

function HistoryBar({ segments, present }: { segments: readonly HistorySegment[]; present: string }) {
  // A minute is more than is seen of it, so that the bar is not drawn anew each second.
  const now = useClock((at) => at - (at % 60_000) + 60_000);
  const alive = segments.filter((segment) => segment.state !== 'gone');
  return (
    <span aria-hidden="true" className="flex h-4 w-full gap-px">
      {alive.map((segment) => {
        const look = instanceLook[kindOf(segment, present)];
        return (
          <span
            key={`${segment.from} ${segment.state} ${segment.health}`}
            style={{ flexGrow: Math.max(1, ((segment.to ?? now) - segment.from) / 1_000) }}
            className={clsx('min-w-2 basis-0 overflow-hidden rounded-[2px] pl-1 text-11 leading-3.5', look.fill)}
          >
            {look.letter}
          </span>
        );
      })}
    </span>
  );
}

function HistoryTurn({ segment }: { segment: HistorySegment }) {
  const lasted = useClock((now) => formatDuration((segment.to ?? now) - segment.from));
  return (
    <li className="flex gap-2">
      <span className="min-w-0 flex-1">
        {segment.state}
        {segment.health !== null && segment.state === 'started' && (
          <span className="text-ink-3">, {segment.health}</span>
        )}
      </span>
      <AbsoluteTime at={segment.from} className="text-ink-2" />
      <span className="w-16 text-right text-ink-2">{segment.state === 'gone' ? '' : lasted}</span>
    </li>
  );
}

function kindOf({ state, health, config }: HistorySegment, present: string) {
  const known = instanceKinds.find((kind) => kind === state);
  if (known !== undefined) return known;
  return instanceKind({
    state: 'started',
    health: health === 'unhealthy' ? 'unhealthy' : null,
    outdated: config !== present,
  });
}

function HistorySkeleton() {
  return (
    <>
      <Skeleton className="h-4! w-full" />
      <Skeleton className="mt-4 w-3/4" />
    </>
  );
}
