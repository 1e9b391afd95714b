'use client';

import { type ConfirmDialogProps, ConfirmForm } from '@/components/ui/confirm-form';
import { DialogLayer } from '@/components/ui/dialog-layer';

/** The question and what is around it, as one, so that neither is seen without the other. */
export function ConfirmLayer(props: ConfirmDialogProps) {
  return (
    <DialogLayer open={props.open} onOpenChange={props.onOpenChange} title={props.title}>
      <ConfirmForm {...props} />
    </DialogLayer>
  );
}
