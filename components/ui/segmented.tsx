'use client';

import { clsx } from 'clsx';

interface SegmentedProps<Value extends string> {
  /** What is chosen here, for those who do not see it. */
  label: string;
  options: readonly { value: Value; label: string; count?: number }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** A choice of one among a few that are all seen: where they do not fit beside each other they take a second row. */
export function Segmented<Value extends string>({ label, options, value, onChange }: SegmentedProps<Value>) {
  return (
    <fieldset
      aria-label={label}
      className="inline-flex max-w-full min-w-0 flex-wrap overflow-hidden rounded-control border border-line-strong bg-panel"
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={clsx(
            // What begins a row has the line of the edge; on a phone a row is filled, so that the line above it is whole.
            '-mt-px -ml-px h-6.75 border-t border-l border-line-strong px-2 text-12 whitespace-nowrap focus-visible:-outline-offset-2 phone:h-8.75 phone:grow',
            option.value === value ? 'bg-sunken font-medium text-ink' : 'text-ink-2 hover:bg-hover',
          )}
        >
          {option.label}
          {option.count !== undefined && <span className="font-regular"> {option.count}</span>}
        </button>
      ))}
    </fieldset>
  );
}
