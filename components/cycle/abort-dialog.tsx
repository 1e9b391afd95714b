'use client';

import { useState } from 'react';
import { abortOutcome, inWorkCount } from '@/components/cycle/abort-outcome';
import { ConfirmDialog } from '@/components/ui/dialog';
import type { CycleView } from '@/server/contract/cycle';
import type { AbortMode } from '@/server/domain/cycle/cycle-state';

interface AbortDialogProps {
  cycle: CycleView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  pending: boolean;
  onAbort: (mode: AbortMode) => void;
}

const modes = [
  { mode: 'finish-in-flight', label: 'Finish what is in work' },
  { mode: 'stop-now', label: 'Stop now' },
] as const satisfies readonly { mode: AbortMode; label: string }[];

/** Asks how to abort, and says for each way what remains. A cycle that aborts already can only be stopped. */
export function AbortDialog({ cycle, open, onOpenChange, pending, onAbort }: AbortDialogProps) {
  const [chosen, setChosen] = useState<AbortMode>('finish-in-flight');
  const mayFinish = cycle.actions.abort === true;
  const mode = mayFinish ? chosen : 'stop-now';
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Abort the cycle of ${cycle.environmentName}/${cycle.clusterName}`}
      confirmLabel={confirmLabel(mode, inWorkCount(cycle))}
      destructive
      pending={pending}
      onConfirm={() => onAbort(mode)}
    >
      <fieldset className="grid gap-2">
        <legend className="sr-only">How to abort</legend>
        {modes
          .filter((one) => mayFinish || one.mode === 'stop-now')
          .map((one) => (
            <label
              key={one.mode}
              className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 rounded-control border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
            >
              <input
                type="radio"
                name="mode"
                className="mt-0.5 size-4 accent-accent"
                checked={mode === one.mode}
                onChange={() => setChosen(one.mode)}
              />
              <span className="font-medium text-ink">{one.label}</span>
              <span className="col-start-2">{abortOutcome(one.mode, cycle).join(' ')}</span>
            </label>
          ))}
      </fieldset>
      <p className="mt-3">
        New instances are never deleted by an abort. It cannot be taken back; preview again to go on later.
      </p>
    </ConfirmDialog>
  );
}

function confirmLabel(mode: AbortMode, inWork: number): string {
  if (mode === 'finish-in-flight') return inWork === 0 ? 'Abort the cycle' : `Abort, finish ${inWork} in work`;
  return inWork === 0 ? 'Stop the cycle now' : `Stop now, leave ${inWork} as ${inWork === 1 ? 'it is' : 'they are'}`;
}
