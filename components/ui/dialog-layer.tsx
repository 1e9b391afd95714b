'use client';

import { Dialog as Primitive } from '@base-ui/react/dialog';
import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Glyph } from '@/components/ui/glyph';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  /** For what is read in columns. */
  wide?: boolean;
}

/** Floats over the page, holds the focus, closes by Escape and gives the focus back. */
export function DialogLayer({ open, onOpenChange, title, children, footer, wide = false }: DialogProps) {
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
