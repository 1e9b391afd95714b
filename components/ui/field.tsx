'use client';

import { clsx } from 'clsx';
import { createContext, type ReactNode, useContext, useId } from 'react';

interface FieldContextValue {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  changed: boolean;
}

const FieldContext = createContext<FieldContextValue | null>(null);

interface FieldProps {
  label: ReactNode;
  /** Where the value comes from, or what it means. */
  hint?: ReactNode;
  /** Says that the value differs from the one in force, and from which: "changed, policy: 10". */
  changed?: ReactNode;
  /** Says what is wrong with the value. Comes before `changed` and `hint`. */
  invalid?: ReactNode;
  /** One control: Input, NumberInput, Select or Textarea. */
  children: ReactNode;
  className?: string;
}

export function Field({ label, hint, changed, invalid, children, className }: FieldProps) {
  const id = useId();
  const isInvalid = isThere(invalid);
  const isChanged = isThere(changed);
  const message = isInvalid ? invalid : isChanged ? changed : hint;
  const hasMessage = isThere(message);
  return (
    <div className={clsx('grid content-start gap-1', className)}>
      <label htmlFor={id} className="text-12 text-ink-2">
        {label}
      </label>
      <FieldContext
        value={{
          id,
          'aria-describedby': hasMessage ? `${id}-message` : undefined,
          'aria-invalid': isInvalid || undefined,
          changed: isChanged,
        }}
      >
        {children}
      </FieldContext>
      {hasMessage && (
        <span
          id={`${id}-message`}
          className={clsx('text-12', isInvalid ? 'text-bad' : isChanged ? 'text-info' : 'text-ink-3')}
        >
          {message}
        </span>
      )}
    </div>
  );
}

function isThere(node: ReactNode): boolean {
  return node !== undefined && node !== null && node !== false && node !== '';
}

/** What a control takes from the field around it: its id, its messages and how it looks. */
export function useFieldControl(): { attributes: Partial<Omit<FieldContextValue, 'changed'>>; className: string } {
  const field = useContext(FieldContext);
  if (field === null) return { attributes: {}, className: controlClass(false) };
  const { changed, ...attributes } = field;
  return { attributes, className: controlClass(changed && attributes['aria-invalid'] === undefined) };
}

function controlClass(changed: boolean): string {
  return clsx(
    'h-7 w-full min-w-0 rounded-control border bg-panel px-2 phone:h-9',
    'placeholder:text-ink-3 focus:outline-2 focus:-outline-offset-1 focus:outline-accent',
    'disabled:border-line disabled:bg-sunken disabled:text-ink-3 aria-invalid:border-mark-bad',
    changed ? 'border-accent shadow-[inset_2px_0_0_var(--accent)]' : 'border-control',
  );
}
