'use client';

import { clsx } from 'clsx';
import { Glyph } from '@/components/ui/glyph';

interface FilterChipsProps {
  /** What is filtered, for those who do not see it. */
  label: string;
  /** The word for no filter. */
  allLabel: string;
  options: readonly { value: string; label: string }[];
  /** null where nothing is filtered. */
  value: string | null;
  onChange: (value: string | null) => void;
  /** There are too many for a row. */
  asSelect?: boolean;
}

/** One filter as a row of chips; on a phone, as a select of the same look. */
export function FilterChips({ label, allLabel, options, value, onChange, asSelect = false }: FilterChipsProps) {
  const choices = [{ value: null, label: allLabel }, ...options];
  return (
    <>
      <fieldset
        aria-label={label}
        className={clsx(
          '-ml-0.75 min-w-0 [scrollbar-width:none] gap-1 overflow-x-auto p-0.75 phone:hidden',
          asSelect ? 'hidden' : 'flex',
        )}
      >
        {choices.map((choice) => (
          <button
            key={choice.value}
            type="button"
            aria-pressed={choice.value === value}
            onClick={() => onChange(choice.value)}
            className={chipClass(choice.value === value)}
          >
            {choice.label}
          </button>
        ))}
      </fieldset>
      <span className={clsx('relative min-w-0 phone:inline-block', asSelect ? 'inline-block' : 'hidden')}>
        <select
          aria-label={label}
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value || null)}
          className={clsx(chipClass(value !== null), 'max-w-full appearance-none pr-6!')}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value ?? ''}>
              {choice.label}
            </option>
          ))}
        </select>
        <Glyph
          shape="chevron-down"
          className="pointer-events-none absolute top-1/2 right-2 size-2.5! -translate-y-1/2 text-ink-3"
        />
      </span>
    </>
  );
}

/** A rounded hairline around a short fact or a toggle. */
export function chipClass(pressed: boolean): string {
  return clsx(
    'inline-flex h-6 flex-none phone:h-9 items-center gap-1.5 rounded-full border px-2 text-12 whitespace-nowrap',
    pressed ? 'border-accent bg-accent-soft text-accent' : 'border-line-strong bg-panel text-ink-2 hover:bg-sunken',
  );
}
