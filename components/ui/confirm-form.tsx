'use client';

import { type FormEvent, type ReactNode, useState } from 'react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What will happen, with the object and the count. */
  children: ReactNode;
  /** The verb, its object and the count: "Terminate 2 instances". */
  confirmLabel: string;
  destructive?: boolean;
  /** What has to be typed before it can be confirmed, usually the object's name. */
  typeToConfirm?: string;
  /** Why it cannot be confirmed now. */
  disabledReason?: string | null;
  pending?: boolean;
  /** What went wrong the last time, and what to do. */
  error?: ReactNode;
  onConfirm: () => void;
}

/** Mounted with each opening, so that nothing typed before is left. */
export function ConfirmForm({
  onOpenChange,
  children,
  confirmLabel,
  destructive = false,
  typeToConfirm,
  disabledReason,
  pending = false,
  error,
  onConfirm,
}: ConfirmDialogProps) {
  const [typed, setTyped] = useState('');
  const untyped = typeToConfirm !== undefined && typed !== typeToConfirm ? `Type ${typeToConfirm} first.` : null;
  const blocked = disabledReason ?? untyped ?? (pending ? 'Requested, waiting for the answer.' : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (blocked === null) onConfirm();
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      <div className="text-pretty text-ink-2 [&_b]:font-medium [&_b]:text-ink">{children}</div>
      {typeToConfirm !== undefined && (
        <Field
          label={
            <>
              Type <b className="font-mono font-medium text-ink">{typeToConfirm}</b> to confirm
            </>
          }
        >
          <Input
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      {error !== undefined && error !== null && (
        <Banner tone="bad" announce>
          {error}
        </Banner>
      )}
      <div className="-mx-4 -mb-4 flex justify-end gap-2 border-t border-line px-4 py-3">
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        <Button type="submit" variant={destructive ? 'danger' : 'primary'} disabledReason={blocked}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}
