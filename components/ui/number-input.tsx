'use client';

import { NumberField } from '@base-ui/react/number-field';
import { clsx } from 'clsx';
import { useFieldControl } from '@/components/ui/field';

interface NumberInputProps {
  /** null while the field is empty. */
  value: number | null;
  onChange: (value: number | null) => void;
  /** Arrow keys stop here; a typed value beyond it is kept, so that the field can say what is wrong with it. */
  min?: number;
  max?: number;
  step?: number;
  /** Stands behind the number: "min", "%". */
  unit?: string;
  name?: string;
  disabled?: boolean;
  'aria-label'?: string;
}

/** A whole number. Arrow keys change it by a step, with shift by ten. */
export function NumberInput({
  value,
  onChange,
  min,
  max,
  step = 1,
  unit,
  name,
  disabled,
  'aria-label': label,
}: NumberInputProps) {
  const control = useFieldControl();
  const { id, ...attributes } = control.attributes;
  return (
    <NumberField.Root
      id={id}
      value={value}
      onValueChange={onChange}
      min={min}
      max={max}
      step={step}
      name={name}
      disabled={disabled}
      allowOutOfRange
      locale="en-GB"
      format={{ maximumFractionDigits: 0, useGrouping: false }}
      className="relative"
    >
      <NumberField.Input
        {...attributes}
        aria-label={label}
        className={clsx(control.className, unit !== undefined && 'pr-10')}
      />
      {unit !== undefined && (
        <span className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-ink-3">{unit}</span>
      )}
    </NumberField.Root>
  );
}
