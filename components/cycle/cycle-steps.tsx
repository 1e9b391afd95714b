'use client';

import { clsx } from 'clsx';
import { memo, useMemo, useState } from 'react';
import { type CycleStep, cycleSteps, outcomeInWords, type StepCall } from '@/components/cycle/steps';
import { formatTimer } from '@/components/ui/duration';
import { EmptyState } from '@/components/ui/empty-state';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { TextButton } from '@/components/ui/text-link';
import type { IntentView } from '@/server/contract/cycle';

interface CycleStepsProps {
  intents: readonly IntentView[];
  onSelect: (instanceId: string) => void;
}

const SHOWN = 20;

const looks = {
  done: { shape: 'tick', mark: 'text-mark-started', word: 'done' },
  open: { shape: 'play', mark: 'text-accent', word: 'under way' },
  unknown: { shape: 'question', mark: 'text-mark-draining', word: 'result unknown' },
  failed: { shape: 'cross', mark: 'text-mark-bad', word: 'with failures' },
} satisfies Record<CycleStep['outcome'], { shape: GlyphShape; mark: string; word: string }>;

/** What the runner ordered, turn by turn, with the attempts and how each ended. */
export function CycleSteps({ intents, onSelect }: CycleStepsProps) {
  const steps = useMemo(() => cycleSteps(intents), [intents]);
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const [opened, setOpened] = useState<'some' | 'all' | 'none'>('some');
  const [all, setAll] = useState(false);
  const shown = all ? steps : steps.slice(-SHOWN);
  const last = steps.at(-1)?.step;
  const isOpen = ({ step, outcome }: CycleStep) => {
    const byDefault = opened === 'all' || (opened === 'some' && (step === last || outcome !== 'done'));
    return byDefault !== toggled.has(step);
  };
  const toggle = (step: number) =>
    setToggled((before) => {
      const after = new Set(before);
      if (!after.delete(step)) after.add(step);
      return after;
    });
  const openAll = (which: 'all' | 'none') => {
    setOpened(which);
    setToggled(new Set());
  };
  return (
    <Panel
      title="Steps"
      note={`${steps.length}, with attempts`}
      flush
      aside={
        steps.length > 0 && (
          <>
            <TextButton onClick={() => openAll('all')}>Open all</TextButton>
            <TextButton onClick={() => openAll('none')}>Close all</TextButton>
          </>
        )
      }
    >
      {steps.length === 0 ? (
        <EmptyState title="Nothing has been ordered yet">
          Each call to the back end is written here before it is made.
        </EmptyState>
      ) : (
        <>
          {shown.length < steps.length && (
            <div className="border-b border-line px-4 py-1">
              <TextButton onClick={() => setAll(true)}>Show {steps.length - shown.length} earlier steps</TextButton>
            </div>
          )}
          <ol className="py-2">
            {shown.map((step) => (
              <StepItem key={step.step} step={step} open={isOpen(step)} onToggle={toggle} onSelect={onSelect} />
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}

interface StepItemProps {
  step: CycleStep;
  open: boolean;
  onToggle: (step: number) => void;
  onSelect: (instanceId: string) => void;
}

const StepItem = memo(function StepItem({ step, open, onToggle, onSelect }: StepItemProps) {
  const look = looks[step.outcome];
  const isNow = step.outcome === 'open';
  return (
    <li className={clsx(isNow && 'bg-accent-soft')}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onToggle(step.step)}
        className="grid w-full grid-cols-[12px_12px_minmax(0,1fr)_auto] items-center gap-2 px-4 py-1 text-left hover:bg-hover focus-visible:-outline-offset-2 phone:py-2"
      >
        <Glyph shape="chevron-down" className={clsx('size-2.5! text-ink-3', !open && '-rotate-90')} />
        <Glyph shape={look.shape} className={look.mark} />
        <span>
          Step {step.step} <span className="text-ink-3">{step.title}</span>
          <span className={clsx(step.outcome === 'done' ? 'sr-only' : 'text-ink-2')}>, {look.word}</span>
        </span>
        <span className="text-12 whitespace-nowrap text-ink-3">
          <AbsoluteTime at={step.at} />
          {step.endedAt !== null && (
            <span className="ml-2 inline-block w-13 text-right phone:hidden">{took(step.endedAt - step.at)}</span>
          )}
        </span>
      </button>
      {open && (
        <ul className="pb-1">
          {step.calls.map((call) => (
            <CallItem key={call.intent.id} call={call} onSelect={onSelect} />
          ))}
        </ul>
      )}
    </li>
  );
});

const outcomeLooks = {
  done: looks.done,
  pending: looks.open,
  unknown: looks.unknown,
  'partly-done': looks.failed,
  'not-done': looks.failed,
  failed: looks.failed,
} satisfies Record<IntentView['outcome'], { shape: GlyphShape; mark: string }>;

function CallItem({ call: { intent, attempt }, onSelect }: { call: StepCall; onSelect: (instanceId: string) => void }) {
  const { kind, instanceId, count, because, error, createdAt, settledAt } = intent;
  const look = outcomeLooks[intent.outcome];
  return (
    <li className="grid grid-cols-[12px_minmax(0,1fr)_auto] items-start gap-2 py-0.5 pr-4 pl-15 phone:pl-9">
      <Glyph shape={look.shape} className={clsx('mt-1', look.mark)} />
      <span className="min-w-0">
        {kind === 'undrain' ? 'put back' : kind}{' '}
        {instanceId === null ? (
          `${count} ${count === 1 ? 'instance' : 'instances'}`
        ) : (
          <TextButton className="min-h-5! font-mono text-12 tracking-tight" onClick={() => onSelect(instanceId)}>
            {instanceId}
          </TextButton>
        )}
        {attempt > 1 && <b className="font-medium">, attempt {attempt}</b>}
        {intent.outcome !== 'done' || intent.settledBy !== 'answer' ? (
          `: ${outcomeInWords(intent)}`
        ) : (
          <span className="sr-only">: done</span>
        )}{' '}
        <span className="text-ink-3">{because}</span>
        {error !== null && (
          <span className="block text-12 wrap-anywhere text-bad">
            {error.message} <span className="text-ink-3">{error.temporary ? 'temporary' : 'not temporary'}</span>
          </span>
        )}
      </span>
      <span className="text-12 whitespace-nowrap text-ink-3">
        {settledAt === null ? '…' : took(settledAt - createdAt)}
      </span>
    </li>
  );
}

/** Calls are quick, so that milliseconds tell them apart. */
function took(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatTimer(ms);
}
