'use client';

import { useState } from 'react';
import { plural } from '@/components/cluster/cluster-sentence';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import type { PoolView } from '@/server/contract/pool.ts';

interface PauseDialogProps {
  pool: PoolView;
  onClose: () => void;
  onPause: (note: string) => void;
}

/** Asks why a pool is to be paused. Stands only while it asks, so that nothing typed before is left. */
export function PauseDialog({ pool: { name, parts, waiting }, onClose, onPause }: PauseDialogProps) {
  const [note, setNote] = useState('');
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Pause ${name}?`}
      confirmLabel={`Pause ${name}`}
      disabledReason={note.trim() === '' ? 'Say why first.' : null}
      onConfirm={() => onPause(note.trim())}
    >
      <p>
        Nobody gets a machine of <b>{name}</b> until somebody resumes it.{' '}
        {plural(parts.inUse + parts.reserved, 'machine')} in use or reserved{' '}
        {parts.inUse + parts.reserved === 1 ? 'stays' : 'stay'} with{' '}
        {parts.inUse + parts.reserved === 1 ? 'its holder' : 'their holders'};{' '}
        {waiting === 0 ? 'nobody waits now' : `${waiting} in the queue wait on`}.
      </p>
      <Field label="Why" hint="Everybody sees it on this page." className="mt-3">
        <Textarea value={note} onChange={(event) => setNote(event.target.value)} maxLength={500} />
      </Field>
    </ConfirmDialog>
  );
}
