'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ui/dialog';
import { formatDuration } from '@/components/ui/duration';
import { Field } from '@/components/ui/field';
import { laterPart } from '@/components/ui/later-part';
import { AbsoluteTime, RelativeTime } from '@/components/ui/relative-time';
import { Segmented } from '@/components/ui/segmented';
import type { CycleInstanceView } from '@/server/contract/cycle';

const NumberInput = laterPart(
  dynamic(() => import('@/components/ui/number-input').then((module) => module.NumberInput)),
);

interface InstanceDialogProps {
  instance: CycleInstanceView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  pending: boolean;
}

const MINUTE = 60_000;
const choices = ['5', '15', '60', 'other'] as const;
const DAY_MINUTES = 24 * 60;

/** Asks how much longer a drain may take. */
export function ExtendDrainDialog({
  instance,
  open,
  onOpenChange,
  pending,
  onExtend,
}: InstanceDialogProps & { onExtend: (byMs: number) => void }) {
  const [choice, setChoice] = useState<(typeof choices)[number]>('5');
  const [typed, setTyped] = useState<number | null>(30);
  const minutes = choice === 'other' ? typed : Number(choice);
  const invalid = minutes === null || minutes < 1 || minutes > DAY_MINUTES;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={
        <>
          Extend the drain of <span className="font-mono">{instance.instanceId}</span>
        </>
      }
      confirmLabel={invalid ? 'Extend' : `Extend by ${formatDuration(minutes * MINUTE)}`}
      disabledReason={invalid ? 'Between 1 minute and a day.' : null}
      pending={pending}
      onConfirm={() => !invalid && onExtend(minutes * MINUTE)}
    >
      <div className="grid justify-items-start gap-3">
        <Segmented
          label="How much longer"
          options={[
            { value: '5', label: '+5 min' },
            { value: '15', label: '+15 min' },
            { value: '60', label: '+1 h' },
            { value: 'other', label: 'other' },
          ]}
          value={choice}
          onChange={setChoice}
        />
        {choice === 'other' && (
          <Field label="Longer by" className="w-32">
            <NumberInput value={typed} onChange={setTyped} min={1} max={DAY_MINUTES} unit="min" />
          </Field>
        )}
        {instance.drainDeadline !== null && !invalid && (
          <p>
            The deadline moves from <AbsoluteTime at={instance.drainDeadline} /> to{' '}
            <b>
              <AbsoluteTime at={instance.drainDeadline + minutes * MINUTE} />
            </b>
            .
          </p>
        )}
      </div>
    </ConfirmDialog>
  );
}

/** Says what will be killed, by name, before a drain is cut short. */
export function ForceDrainDialog({
  instance,
  open,
  onOpenChange,
  pending,
  onForce,
}: InstanceDialogProps & { onForce: () => void }) {
  const { instanceId, blockers } = instance;
  const count = blockers.length;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={
        <>
          Terminate <span className="font-mono">{instanceId}</span> before it has drained
        </>
      }
      confirmLabel={count === 0 ? 'Terminate 1 instance' : `Kill ${count} in progress, terminate 1 instance`}
      destructive
      pending={pending}
      onConfirm={onForce}
    >
      {count === 0 ? (
        <p>The back end names no work on this instance. Whatever it still does is lost.</p>
      ) : (
        <>
          <p>
            <b>{count}</b> in progress will be killed:
          </p>
          <ul className="my-2 max-h-48 overflow-y-auto rounded-control border border-line">
            {blockers.map(({ name, since }) => (
              <li key={name} className="flex justify-between gap-3 border-b border-line px-3 py-1 last:border-b-0">
                <span className="min-w-0 font-mono text-12 wrap-anywhere text-ink">{name}</span>
                {since !== null && <RelativeTime at={since} className="text-12" />}
              </li>
            ))}
          </ul>
        </>
      )}
      <p>The floor is still kept: it is terminated only while enough others are in service. It cannot be taken back.</p>
    </ConfirmDialog>
  );
}
