'use client';

import type { KeyboardEvent, ReactNode } from 'react';
import { useDraft } from '@/components/cluster/use-draft';
import { Glyph } from '@/components/ui/glyph';

interface FilterInputProps {
  label: string;
  /** Examples of what can be typed. */
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  /** At the right within the box: a menu of terms. */
  aside?: ReactNode;
}

/** A filter that takes effect when the typing pauses, or at once by Enter. Escape clears it. */
export function FilterInput({ label, placeholder, value, onChange, aside }: FilterInputProps) {
  const { text, type, commit } = useDraft(value, onChange);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit(text);
    if (event.key === 'Escape' && text !== '') {
      event.stopPropagation();
      commit('');
    }
  };
  return (
    <search className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-control border border-control bg-panel pr-1 pl-2 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent phone:h-9 phone:basis-full">
      <Glyph shape="search" className="text-ink-3" />
      <input
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className="h-full w-full min-w-0 flex-1 truncate bg-transparent outline-none placeholder:text-ink-3"
      />
      {text !== '' && (
        <button
          type="button"
          aria-label="Clear the filter"
          onClick={() => commit('')}
          className="grid size-6 flex-none place-items-center rounded-control text-ink-3 hover:bg-hover hover:text-ink"
        >
          <Glyph shape="close" />
        </button>
      )}
      {aside}
    </search>
  );
}
