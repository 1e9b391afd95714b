'use client';

import { clsx } from 'clsx';
import type { ComponentProps } from 'react';
import { useFieldControl } from '@/components/ui/field';
import { Glyph } from '@/components/ui/glyph';

interface SelectProps<Value extends string> extends Omit<ComponentProps<'select'>, 'value' | 'onChange' | 'children'> {
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** The browser's own select: it works with any keyboard, screen reader and phone. */
export function Select<Value extends string>({ options, value, onChange, className, ...rest }: SelectProps<Value>) {
  const control = useFieldControl();
  return (
    <span className="relative block">
      <select
        {...control.attributes}
        {...rest}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
        className={clsx(control.className, 'appearance-none truncate pr-6', className)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Glyph
        shape="chevron-down"
        className="pointer-events-none absolute top-1/2 right-2 size-2.5! -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}
