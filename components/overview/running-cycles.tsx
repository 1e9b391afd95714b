'use client';

import { clsx } from 'clsx';
import { useState } from 'react';
import { capacityLayers } from '@/components/chart/capacity-layers';
import { MiniCapacity } from '@/components/chart/mini-capacity';
import { CycleBadge } from '@/components/cycle/cycle-badge';
import { ButtonLink } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import { EmptyState } from '@/components/ui/empty-state';
import { PageLink } from '@/components/ui/page-link';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime, RelativeTime } from '@/components/ui/relative-time';
import { TextLink } from '@/components/ui/text-link';
import type { ActiveCycleView, OverviewView } from '@/server/contract/overview';

/** A small picture of each cycle that goes on; a moment that is looked at in one is looked at in all. */
export function RunningCycles({ view: { cycles, lastCycle, numbers } }: { view: OverviewView }) {
  const [cursor, setCursor] = useState<number | null>(null);
  if (cycles.total === 0) return <NoCycle lastCycle={lastCycle} outdated={numbers.outdatedClusters} />;
  return (
    <section aria-labelledby="running-cycles">
      <div className="mb-2 flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1">
        <h2 id="running-cycles" className="font-medium">
          Cycles under way
        </h2>
        <Legend cycles={cycles.items} />
      </div>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(264px,1fr))] gap-3">
        {cycles.items.map((cycle) => (
          <RunningCycle key={cycle.id} cycle={cycle} cursor={cursor} onCursor={setCursor} />
        ))}
      </div>
      {cycles.items.length < cycles.total && (
        <p className="mt-2 text-12 text-ink-2">
          These are the {cycles.items.length} that began first, of {cycles.total}.{' '}
          <TextLink href="/cycles?state=active">All that go on</TextLink>
        </p>
      )}
    </section>
  );
}

/** The areas that occur in any of the pictures, and the lines that are in all. */
function Legend({ cycles }: { cycles: readonly ActiveCycleView[] }) {
  const points = cycles.flatMap(({ samples }) => samples);
  const layers = capacityLayers.filter((layer) => points.some((point) => layer.value(point) > 0));
  return (
    <ul
      aria-label="Key"
      className="ml-auto flex flex-wrap gap-x-3 text-12 text-ink-2 phone:ml-0 [&>li]:inline-flex [&>li]:items-center [&>li]:gap-1.5 [&_span]:w-4"
    >
      {layers.map((layer) => (
        <li key={layer.name}>
          <span aria-hidden="true" className={clsx('h-2.5 rounded-[2px]', layer.swatch)} />
          {layer.letter} {layer.word}
        </li>
      ))}
      <li>
        <span aria-hidden="true" className="border-t-[1.5px] border-ink" />
        in service
      </li>
      <li>
        <span aria-hidden="true" className="border-t-[1.5px] border-mark-bad" />
        floor
      </li>
      <li>
        <span aria-hidden="true" className="border-t border-dashed border-ink-2" />
        target
      </li>
      <li>
        <span aria-hidden="true" className="border-t border-dotted border-ink-2" />
        max
      </li>
      <li>
        <span aria-hidden="true" className="border-t-[1.5px] border-accent" />
        now; dashed: approved end
      </li>
    </ul>
  );
}

interface RunningCycleProps {
  cycle: ActiveCycleView;
  cursor: number | null;
  onCursor: (at: number | null) => void;
}

function RunningCycle({ cycle, cursor, onCursor }: RunningCycleProps) {
  const { id, environmentName, clusterName, state, floor, targetSize, maxSize, samples, forecastEnd } = cycle;
  const name = `${environmentName}/${clusterName}`;
  return (
    <MiniCapacity
      title={name}
      past={samples}
      limits={{ floor, target: targetSize, max: maxSize }}
      forecastEnd={forecastEnd}
      cursor={cursor}
      onCursor={onCursor}
      fileName={`${id}-capacity`}
      head={
        <>
          <PageLink
            href={`/cycles/${encodeURIComponent(id)}`}
            title={name}
            className="min-w-0 truncate font-medium hover:underline"
          >
            <span className="text-ink-3">{environmentName}/</span>
            {clusterName}
          </PageLink>
          <CycleBadge state={state} />
        </>
      }
    >
      <div className="flex flex-wrap justify-between gap-x-2 text-12 whitespace-nowrap text-ink-2">
        <span>{progressWords(cycle)}</span>
        {forecastEnd !== null && <ApprovedEnd at={forecastEnd} />}
      </div>
    </MiniCapacity>
  );
}

function progressWords({ state, progress }: ActiveCycleView): string {
  if (progress !== null) return `${progress.replaced} of ${progress.planned} replaced`;
  return state === 'approved' ? 'not begun' : 'just begun';
}

/** When it would end as approved, or how long ago that was: the cycle's page says why. */
function ApprovedEnd({ at }: { at: number }) {
  const late = useClock((now) => (now <= at ? null : formatDuration(now - at)));
  return late === null ? (
    <span className="text-ink-3">
      approved to end <AbsoluteTime at={at} toMinute />
    </span>
  ) : (
    <span className="text-warn">{late} past the approved end</span>
  );
}

function NoCycle({ lastCycle, outdated }: { lastCycle: OverviewView['lastCycle']; outdated: number }) {
  return (
    <Panel title="Cycles under way" flush>
      {lastCycle === null ? (
        <EmptyState
          title="No cycle has run yet"
          actions={
            <ButtonLink href={outdated > 0 ? '/clusters?q=outdated:%3E0' : '/clusters'}>Go to clusters</ButtonLink>
          }
        >
          A cycle replaces the instances of a cluster. It begins with the preview of a cluster, and with its approval.
        </EmptyState>
      ) : (
        <p className="flex flex-wrap items-center gap-x-2 px-4 py-3">
          No cycle goes on.
          <span className="text-ink-2">
            The last was that of{' '}
            <TextLink href={`/cycles/${encodeURIComponent(lastCycle.id)}`}>
              {lastCycle.environmentName}/{lastCycle.clusterName}
            </TextLink>
            , <RelativeTime at={lastCycle.endedAt} />:
          </span>
          <CycleBadge state={lastCycle.state} />
        </p>
      )}
    </Panel>
  );
}
