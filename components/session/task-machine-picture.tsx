'use client';

import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import type { SessionCursor } from '@/components/session/session-cursor';
import { formatExact } from '@/components/session/session-time';
import { LOOK_WORDS, type MachineStep, machineInWords, machineSteps } from '@/components/session/task-machine';
import { CopyId } from '@/components/ui/copy-id';
import { Glyph } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import { Lasted, RelativeTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextButton } from '@/components/ui/text-link';
import type { ExecutionView } from '@/server/contract/session';

interface TaskMachineProps {
  execution: ExecutionView;
  cursor: SessionCursor;
  /** Times are counted from here. */
  origin: number;
}

/** An execution as the machine that it is: each step, the attempts that failed, and when the next try is. */
export function TaskMachine({ execution, cursor, origin }: TaskMachineProps) {
  const steps = machineSteps(execution);
  const trying = steps.find(({ error }) => error !== '');
  return (
    <Panel
      title={`${execution.name} on ${execution.machine.instanceId}`}
      note={
        <>
          desired {execution.desiredState.toLowerCase()}, <CopyId value={execution.id} />
        </>
      }
      flush
    >
      <figure className="m-0 px-4 pt-4 pb-3">
        <figcaption className="sr-only">{machineInWords(execution.name, steps)}</figcaption>
        <ol className="grid grid-cols-5 phone:grid-cols-1 phone:gap-y-3" aria-hidden="true">
          {steps.map((step) => (
            <Step key={step.verb} step={step} />
          ))}
        </ol>
      </figure>
      {trying !== undefined && (
        <p className="flex items-start gap-2 border-t border-line px-4 py-2 text-warn">
          <Glyph shape="triangle" className="mt-1 text-mark-draining" />
          <span className="min-w-0 wrap-anywhere">
            Temporary: {trying.verb}, attempt {trying.failures}: {trying.error}.{' '}
            {trying.retryAt !== null && (
              <>
                It is tried again <RelativeTime at={trying.retryAt} />.
              </>
            )}
          </span>
        </p>
      )}
      <div className="border-t border-line">
        <Transitions execution={execution} cursor={cursor} origin={origin} />
      </div>
    </Panel>
  );
}

const nodes = {
  done: 'border-mark-started text-mark-started',
  now: 'border-accent bg-accent text-on-accent',
  failed: 'border-mark-bad bg-mark-bad text-panel',
  skipped: 'border-line-strong text-ink-3',
  ahead: 'border-line-strong border-dashed text-ink-3',
} satisfies Record<MachineStep['look'], string>;

const marks = {
  done: <Glyph shape="tick" />,
  now: <Glyph shape="disc" className="size-2!" />,
  failed: <Glyph shape="cross" />,
  skipped: '–',
  ahead: null,
} satisfies Record<MachineStep['look'], ReactNode>;

/** A node, the edge that leads to it, and its failed attempts as rings on the edge. */
function Step({ step }: { step: MachineStep }) {
  const { verb, look, from, to, note, failures, retryAt } = step;
  return (
    <li className="relative min-w-0 pr-2">
      <div className="flex items-center">
        <span
          className={clsx(
            'grid size-6 flex-none place-items-center rounded-full border-2 text-12 leading-none',
            nodes[look],
          )}
        >
          {marks[look]}
        </span>
        <span className={clsx('h-0 flex-1 border-t-2', edgeOf(look))} />
        {failures > 0 && (
          <span className="flex items-center gap-0.5 px-1" title={`${failures} failed attempts`}>
            {Array.from({ length: Math.min(failures, 5) }, (_, attempt) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rings are alike and never move
              <span key={attempt} className="size-2 rounded-full border-[1.5px] border-mark-draining" />
            ))}
            {failures > 5 && <span className="text-11 text-warn">{failures}</span>}
          </span>
        )}
        {verb !== 'remove' && <span className={clsx('h-0 w-3 flex-none border-t-2', edgeOf(look))} />}
      </div>
      <div className="mt-1.5 font-medium">{verb}</div>
      <div className="text-12 text-ink-3">{from === null ? LOOK_WORDS[look] : <Lasted from={from} to={to} />}</div>
      <div className={clsx('text-12 text-pretty wrap-anywhere', look === 'failed' ? 'text-bad' : 'text-ink-2')}>
        {note}
      </div>
      {retryAt !== null && (
        <div className="text-12 text-warn">
          next try <RelativeTime at={retryAt} />
        </div>
      )}
    </li>
  );
}

function edgeOf(look: MachineStep['look']): string {
  return look === 'done' ? 'border-mark-started' : 'border-dashed border-line-strong';
}

function Transitions({ execution, cursor, origin }: TaskMachineProps) {
  return (
    <section
      aria-label={`Transitions of ${execution.name}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className="max-h-72 overflow-y-auto focus-visible:-outline-offset-2"
    >
      <Table caption={`Transitions of ${execution.name}, the oldest first`}>
        <TableHead>
          <Column>Time</Column>
          <Column>State</Column>
          <Column>Desired</Column>
          <Column className="w-1/2">Message</Column>
          <Column numeric>Failed tries</Column>
        </TableHead>
        <TableBody>
          {execution.transitions.map(({ at, state, desiredState, message, err, attempt }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: transitions are only added at the end
            <Row key={index}>
              <RowHeader className="whitespace-nowrap">
                <TextButton
                  className="font-mono text-12"
                  onClick={() => cursor.moveTo(at)}
                  aria-label={`Go to ${formatExact(at - origin)}`}
                >
                  {formatExact(at - origin)}
                </TextButton>
              </RowHeader>
              <Cell>{state.toLowerCase()}</Cell>
              <Cell label="Wants" className="text-ink-2">
                {desiredState.toLowerCase()}
              </Cell>
              <Cell wide className="wrap-anywhere">
                {message} {err !== '' && <span className="text-bad">{err}</span>}
              </Cell>
              <Cell label="Tries" numeric className="text-ink-2">
                {attempt === 0 ? '' : attempt}
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}
