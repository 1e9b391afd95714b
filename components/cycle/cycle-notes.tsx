'use client';

import { type Order, tellsReason } from '@/components/cycle/order';
import { Banner } from '@/components/ui/banner';
import { useClock } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/duration';
import { RelativeTime, Timer } from '@/components/ui/relative-time';
import { TextButton } from '@/components/ui/text-link';
import type { CycleView } from '@/server/contract/cycle';
import { isActive } from '@/server/domain/cycle/cycle-state.ts';

interface CycleNotesProps {
  cycle: CycleView;
  /** What was ordered of it on this page, and is told above; null where nothing was. */
  order: Order | null;
  onSelect: (instanceId: string) => void;
}

/** Facts older than this are said to be old. */
const OLD_MS = 60_000;

/** What the reader must know before all else: why it stands still, when it is tried again, how old the facts are. */
export function CycleNotes({ cycle, order, onSelect }: CycleNotesProps) {
  return (
    <>
      {!tellsReason(order, cycle) && <Reason cycle={cycle} onSelect={onSelect} />}
      <Retry cycle={cycle} />
      <OldFacts cycle={cycle} />
    </>
  );
}

function Reason({ cycle: { state, reason }, onSelect }: Omit<CycleNotesProps, 'order'>) {
  if (reason === null || state === 'running' || state === 'completed') return null;
  const tone = state === 'failed' ? 'bad' : reason.kind === 'person' ? 'info' : 'warn';
  return (
    <Banner tone={tone}>
      <b className="font-medium">{reason.sentence}</b>
      {/* How a person's pause ends is said beside the state. */}
      {reason.kind !== 'person' && reason.next !== '' && isActive(state) && <> {reason.next}</>}
      {reason.instanceIds.length > 0 && (
        <span className="mt-0.5 flex flex-wrap items-center gap-x-3">
          <span className="text-ink-2">Look at</span>
          {reason.instanceIds.map((id) => (
            <TextButton key={id} className="font-mono text-12 tracking-tight" onClick={() => onSelect(id)}>
              {id}
            </TextButton>
          ))}
        </span>
      )}
    </Banner>
  );
}

function Retry({ cycle: { state, retryAt, intents, calls } }: { cycle: CycleView }) {
  const isDue = useClock((now) => retryAt === null || retryAt <= now);
  if (retryAt === null || !isActive(state) || state === 'paused') return null;
  const said =
    calls.find((call) => call.result !== 'ok')?.result ??
    intents.findLast((intent) => intent.error !== null)?.error?.message;
  return (
    <Banner tone="warn">
      <b className="font-medium">A call failed for now.</b>{' '}
      {isDue ? (
        'It is tried again.'
      ) : (
        <>
          It is tried again in <Timer until={retryAt} />.
        </>
      )}
      {said !== undefined && <span className="block text-12 text-ink-2">{said}</span>}
    </Banner>
  );
}

function OldFacts({ cycle: { state, observedAt, body } }: { cycle: CycleView }) {
  const age = useClock((now) =>
    observedAt === null ? null : now - observedAt > OLD_MS ? formatDuration(now - observedAt) : '',
  );
  if (!isActive(state) || age === '') return null;
  return (
    <Banner tone="warn">
      {observedAt === null ? (
        <>No facts of this cluster have been read yet.</>
      ) : (
        <>
          The facts are <b className="font-medium">{age}</b> old: {body.environment.name} was last read{' '}
          <RelativeTime at={observedAt} />. Nothing drains on old facts; check that a worker runs.
        </>
      )}
    </Banner>
  );
}
