'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { ConfirmDialogProps } from '@/components/ui/confirm-form';
import type { DialogProps } from '@/components/ui/dialog-layer';

const DialogLayer = dynamic(() => import('@/components/ui/dialog-layer').then((module) => module.DialogLayer), {
  ssr: false,
});
const ConfirmForm = dynamic(() => import('@/components/ui/confirm-form').then((module) => module.ConfirmForm), {
  ssr: false,
});

/** Floats over the page, holds the focus, closes by Escape and gives the focus back. It is loaded when it first opens. */
export function Dialog(props: DialogProps) {
  const [wasOpen, setWasOpen] = useState(props.open);
  if (props.open && !wasOpen) setWasOpen(true);
  return wasOpen ? <DialogLayer {...props} /> : null;
}

/** Asks before something that cannot be taken back. "Cancel" closes it and does nothing. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={props.title}>
      <ConfirmForm {...props} />
    </Dialog>
  );
}
