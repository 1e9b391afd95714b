'use client';

import { Dialog as Primitive } from '@base-ui/react/dialog';
import { clsx } from 'clsx';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Glyph } from '@/components/ui/glyph';
import { Input } from '@/components/ui/input';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  /** For what is read in columns. */
  wide?: boolean;
}

/** Floats over the page, holds the focus, closes by Escape and gives the focus back. */
export function Dialog({ open, onOpenChange, title, children, footer, wide = false }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Primitive.Portal>
        <Primitive.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Primitive.Popup
          className={clsx(
            'fixed top-[12vh] left-1/2 z-50 max-h-[80vh] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-y-auto rounded-panel border border-line-strong bg-panel text-ink shadow-float',
            wide ? 'w-160' : 'w-110',
          )}
        >
          <Primitive.Title className="pt-4 pr-12 pl-4 text-14 font-medium">{title}</Primitive.Title>
          <div className="grid gap-3 px-4 pt-3 pb-4">{children}</div>
          {footer !== undefined && (
            <footer className="flex justify-end gap-2 border-t border-line px-4 py-3 phone:flex-wrap">{footer}</footer>
          )}
          {/* Last, so that the focus begins with what the dialog asks. */}
          <Primitive.Close
            aria-label="Close"
            className="absolute top-3.5 right-3 grid size-6 phone:top-2 phone:right-2 phone:size-9 place-items-center rounded-control text-ink-3 hover:bg-hover hover:text-ink"
          >
            <Glyph shape="close" />
          </Primitive.Close>
        </Primitive.Popup>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface ConfirmDialogProps {
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

/** Asks before something that cannot be taken back. "Cancel" closes it and does nothing. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={props.title}>
      <ConfirmForm {...props} />
    </Dialog>
  );
}

/** Mounted with each opening, so that nothing typed before is left. */
function ConfirmForm({
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
