'use client';

import { useQuery } from '@tanstack/react-query';
import { EstimateRange } from '@/components/chart/estimate-range';
import { aheadInWords, rangeInWords } from '@/components/pool/pool-sentence';
import { wantsInWords } from '@/components/session/session-sentence';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { useClock } from '@/components/ui/clock';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import { Panel } from '@/components/ui/panel';
import { Timer } from '@/components/ui/relative-time';
import { TextLink } from '@/components/ui/text-link';
import type { StartEstimateView } from '@/server/contract/pool';
import type { SessionView } from '@/server/contract/session';

/** Why a session waits: its place, who is ahead, what is missing, and for the head when it may start. */
export function SessionQueue({ session }: { session: SessionView }) {
  const trpc = useTRPC();
  const { data: pools } = useQuery(trpc.pool.list.queryOptions());
  // Others come and go in the queue without an event of this session.
  useLive('pools', pools?.cursors.pools, trpc.session.byId.queryKey({ sessionId: session.id }), () => 'refetch');
  const { queue, wants, createdAt } = session;
  return (
    <Panel title="In the queue" note={queue === null ? undefined : `place ${queue.position}`}>
      <KeyValues>
        <KeyValue term="Wants">
          {wants.map(({ pool, count }, index) => (
            <span key={pool}>
              {index > 0 && ', '}
              {count} of{' '}
              <TextLink href={`/pools/${encodeURIComponent(pool)}`} className="min-h-0!">
                {pool}
              </TextLink>
            </span>
          ))}
        </KeyValue>
        <KeyValue term="Waits">
          <Timer since={createdAt} />
        </KeyValue>
        {queue === null ? (
          <KeyValue term="Why">Its machines are being chosen: {wantsInWords(wants)}.</KeyValue>
        ) : (
          <>
            <KeyValue term="Why">{queue.why}</KeyValue>
            <KeyValue term="Ahead">{aheadInWords(queue)}</KeyValue>
            {queue.estimate === null && (
              <KeyValue term="Starts">
                {queue.aheadCount === 0
                  ? 'nobody knows: no end of what holds its machines is known'
                  : 'after those ahead of it'}
              </KeyValue>
            )}
          </>
        )}
      </KeyValues>
      {queue !== null && queue.estimate !== null && <Estimate estimate={queue.estimate} />}
    </Panel>
  );
}

function Estimate({ estimate }: { estimate: StartEstimateView }) {
  const words = useClock((now) => rangeInWords(estimate, now));
  return (
    <div className="mt-3 grid gap-1">
      <EstimateRange estimate={estimate} words={words} />
      <p className="text-12 text-pretty text-ink-2">
        {estimate.because} {estimate.mayMove}
      </p>
    </div>
  );
}
