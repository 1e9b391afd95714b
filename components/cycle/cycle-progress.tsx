'use client';

import { clsx } from 'clsx';
import { type DelayCause, delayCauses, deviationMs } from '@/components/cycle/deviation';
import { ProgressBar, progressInWords } from '@/components/cycle/progress-bar';
import { useClock } from '@/components/ui/clock';
import { formatTimer } from '@/components/ui/duration';
import { Glyph } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime, Lasted } from '@/components/ui/relative-time';
import { TextButton, TextLink } from '@/components/ui/text-link';
import type { CycleView } from '@/server/contract/cycle';
import type { CycleHistory } from '@/server/domain/cycle/cycle-history';

interface CycleProgressProps {
  cycle: CycleView;
  /** null until it has been read. */
  history: CycleHistory | null;
  onSelect: (instanceId: string) => void;
}

/** How many are done, who wanted it, and how far it is from what was approved. */
export function CycleProgress({ cycle, history, onSelect }: CycleProgressProps) {
  const progress = cycle.progress ?? { replaced: 0, planned: plannedCount(cycle), leaving: 0, skipped: 0 };
  const [counted = '', ...rest] = progressInWords(progress).split(' replaced');
  return (
    <Panel label="Progress" flush>
      <div className="grid gap-2 px-4 py-3">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <span className="text-14">
            <b className="font-medium">{counted}</b> replaced{rest.join('')}
          </span>
          <span className="flex flex-wrap gap-x-2 text-12 text-ink-3 not-phone:[&>span+span]:before:mr-2 not-phone:[&>span+span]:before:content-['·']">
            <span>
              {cycle.startedAt === null ? (
                'not started'
              ) : (
                <>
                  started <AbsoluteTime at={cycle.startedAt} />
                </>
              )}
              {cycle.workerId !== null && ` by ${cycle.workerId}`}
            </span>
            {cycle.approvedBy.length > 0 && <span>approved by {cycle.approvedBy.join(', ')}</span>}
            <span>
              plan{' '}
              <TextLink href={`/plans/${cycle.planId}`} className="min-h-0! font-mono tracking-tight">
                {cycle.planId}
              </TextLink>
            </span>
            <span>{versions(cycle)}</span>
          </span>
        </div>
        <ProgressBar progress={progress} large ended={cycle.endedAt !== null} />
      </div>
      <Deviation cycle={cycle} history={history} onSelect={onSelect} />
    </Panel>
  );
}

function plannedCount({ instances }: CycleView): number {
  return instances.filter((one) => one.role === 'planned' && one.decision !== 'finish').length;
}

/** "v111 → v112" */
function versions({ body }: CycleView): string {
  const name = (config: string) => {
    const version = body.versions[config];
    return version === undefined ? config.slice(0, 8) : `v${version}`;
  };
  const { instances, config } = body.cluster;
  const old = [...new Set(instances.filter((one) => one.config !== config).map((one) => name(one.config)))];
  return `${old.length === 0 ? name(config) : old.join(', ')} → ${name(config)}`;
}

/** Shorter than this it is no deviation. */
const NOTICED_MS = 10_000;

function Deviation({ cycle, history, onSelect }: CycleProgressProps) {
  const { startedAt, endedAt, body } = cycle;
  const { p50, p90 } = body.forecast.durationMs;
  const now = useClock((at) => endedAt ?? wholeSeconds(at));
  const forecast = `${formatTimer(p50)} (p50), ${formatTimer(p90)} (p90)`;
  if (startedAt === null) {
    return <DeviationLine tone="none">The approved forecast is {forecast}, from its first call on.</DeviationLine>;
  }
  const causes = history === null ? [] : delayCauses(body.forecast, history, now);
  if (endedAt !== null) {
    const lastedMs = endedAt - startedAt;
    // As both are told.
    const late = wholeSeconds(lastedMs) - wholeSeconds(p50);
    const isComparable = cycle.state === 'completed';
    return (
      <DeviationLine tone={!isComparable ? 'none' : lastedMs > p90 ? 'late' : 'well'}>
        Took{' '}
        <b>
          <Lasted from={startedAt} to={endedAt} />
        </b>
        {isComparable && Math.abs(late) >= NOTICED_MS && (
          <>
            , {formatTimer(Math.abs(late))} {late > 0 ? 'longer' : 'less'} than forecast
          </>
        )}
        . The approved forecast of the whole was {forecast}.
        {late >= NOTICED_MS && <Causes causes={causes} onSelect={onSelect} />}
      </DeviationLine>
    );
  }
  const late = deviationMs(cycle, now);
  if (late === null) {
    return (
      <DeviationLine tone="none">
        <Lasted from={startedAt} to={null} /> so far. The approved forecast of the whole is {forecast}.
      </DeviationLine>
    );
  }
  const isLate = late >= Math.max(NOTICED_MS, p50 * 0.05);
  const isEarly = late <= -NOTICED_MS;
  return (
    <DeviationLine tone={isLate ? 'late' : 'well'}>
      <b>{isLate ? `${formatTimer(late)} behind` : isEarly ? `${formatTimer(-late)} ahead` : 'On time'}</b>
      {isEarly ? ' of' : isLate ? '' : ' with'} the approved forecast of {forecast};{' '}
      <Lasted from={startedAt} to={null} /> so far.
      {isLate && <Causes causes={causes} onSelect={onSelect} />}
    </DeviationLine>
  );
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** "The drain of m-3 took 9:00, expected 3:00 (+6:00)", the worst first. */
function Causes({ causes, onSelect }: { causes: readonly DelayCause[]; onSelect: (instanceId: string) => void }) {
  if (causes.length === 0) return null;
  return (
    <ul aria-label="What took longer than forecast" className="flex flex-wrap gap-x-4 text-12 text-ink-2">
      {causes.map(({ kind, instanceId, lastedMs, expectedMs, isOpen }) => (
        <li key={`${kind} ${instanceId}`}>
          {instanceId === null ? (
            <>
              {isOpen ? 'Paused' : 'Was paused'} for {formatTimer(lastedMs)}
            </>
          ) : (
            <>
              The {phaseWords[kind]} of{' '}
              <TextButton className="min-h-0! font-mono text-12 tracking-tight" onClick={() => onSelect(instanceId)}>
                {instanceId}
              </TextButton>{' '}
              {isOpen ? 'takes' : 'took'} {formatTimer(lastedMs)}, expected {formatTimer(expectedMs)} (+
              {formatTimer(lastedMs - expectedMs)})
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

const phaseWords = { paused: 'pause', start: 'start', drain: 'drain', terminate: 'termination' } satisfies Record<
  DelayCause['kind'],
  string
>;

function DeviationLine({ tone, children }: { tone: 'well' | 'late' | 'none'; children: React.ReactNode }) {
  return (
    <div
      className={clsx(
        'flex items-start gap-3 border-t border-line px-4 py-2 [&_b]:font-medium',
        tone === 'late' && 'shadow-[inset_2px_0_0_var(--c-draining)]',
      )}
    >
      {tone === 'late' && <Glyph shape="triangle" className="mt-1 text-mark-draining" />}
      {tone === 'well' && <Glyph shape="tick" className="mt-1 text-mark-started" />}
      <div className="min-w-0 text-pretty">{children}</div>
    </div>
  );
}
