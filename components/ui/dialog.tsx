'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { ConfirmDialogProps } from '@/components/ui/confirm-form';
import type { DialogProps } from '@/components/ui/dialog-layer';

const DialogLayer = dynamic(() => import('@/components/ui/dialog-layer').then((module) => module.DialogLayer), {
  ssr: false,
});
/** What a confirmation is made of, for those who are about to be asked. */
export const loadConfirmation = () => import('@/components/ui/confirm-layer').then((module) => module.ConfirmLayer);
const ConfirmLayer = dynamic(loadConfirmation, { ssr: false });

/** Floats over the page, holds the focus, closes by Escape and gives the focus back. It is loaded when it first opens. */
export function Dialog(props: DialogProps) {
  return useWasOpen(props.open) ? <DialogLayer {...props} /> : null;
}

/** Asks before something that cannot be taken back. "Cancel" closes it and does nothing. It comes whole, never empty. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return useWasOpen(props.open) ? <ConfirmLayer {...props} /> : null;
}

function useWasOpen(open: boolean): boolean {
  const [wasOpen, setWasOpen] = useState(open);
  if (open && !wasOpen) setWasOpen(true);
  return open || wasOpen;
}
