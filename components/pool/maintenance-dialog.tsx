'use client';

import { useState } from 'react';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { MachineRow } from '@/server/contract/pool.ts';

const HOUR_MS = 3_600_000;

const lengths = [
  { value: 'open', label: 'until somebody ends it', forMs: null },
  { value: '1h', label: '1 hour', forMs: HOUR_MS },
  { value: '4h', label: '4 hours', forMs: 4 * HOUR_MS },
  { value: '1d', label: '1 day', forMs: 24 * HOUR_MS },
  { value: '7d', label: '1 week', forMs: 7 * 24 * HOUR_MS },
] as const;

interface MaintenanceDialogProps {
  machine: MachineRow;
  onClose: () => void;
  /** `forMs` null = until somebody ends it. */
  onStart: (note: string, forMs: number | null) => void;
}

/** Asks why a machine is to be taken out, and for how long. Stands only while it asks. */
export function MaintenanceDialog({ machine: { instanceId, pool, holder }, onClose, onStart }: MaintenanceDialogProps) {
  const [note, setNote] = useState('');
  const [length, setLength] = useState<(typeof lengths)[number]['value']>('open');
  const forMs = lengths.find(({ value }) => value === length)?.forMs ?? null;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Maintenance of ${instanceId}`}
      confirmLabel="Put 1 machine into maintenance"
      disabledReason={note.trim() === '' ? 'Say why first.' : null}
      onConfirm={() => onStart(note.trim(), forMs)}
    >
      <p>
        Nobody gets <b>{instanceId}</b> of {pool} while it is in maintenance.{' '}
        {holder === null ? (
          'It is free now, so it goes at once.'
        ) : (
          <>
            <b>{holder.name}</b> holds it and keeps it: maintenance begins when it is let go.
          </>
        )}
      </p>
      <div className="mt-3 grid gap-3">
        <Field label="Why" hint="Everybody sees it on this page.">
          <Textarea value={note} onChange={(event) => setNote(event.target.value)} maxLength={500} />
        </Field>
        <Field label="For how long">
          <Select options={lengths} value={length} onChange={setLength} />
        </Field>
      </div>
    </ConfirmDialog>
  );
}
