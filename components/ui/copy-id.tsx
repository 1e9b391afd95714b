'use client';

import { useState } from 'react';
import { Glyph } from '@/components/ui/glyph';

interface CopyIdProps {
  value: string;
  /** What is shown, where the whole value is too long. */
  short?: string;
}

/** An id that is copied by a click. */
export function CopyId({ value, short }: CopyIdProps) {
  const [outcome, setOutcome] = useState<'copied' | 'not copied: select it by hand' | null>(null);
  const copy = () =>
    // Without a secure context there is no clipboard, and calling it throws.
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(value))
      .then(
        () => setOutcome('copied'),
        () => setOutcome('not copied: select it by hand'),
      );
  return (
    <span className="inline-flex items-center gap-1.5">
      <button
        type="button"
        onClick={copy}
        onBlur={() => setOutcome(null)}
        title={`Copy ${value}`}
        className="group/copy inline-flex min-h-6 phone:min-h-9 items-center gap-1.5 rounded-[3px] font-mono text-12 tracking-tight whitespace-nowrap select-text hover:text-accent"
      >
        {short ?? value}
        <Glyph
          shape="copy"
          className="text-ink-3 opacity-0 group-hover/copy:opacity-100 group-focus-visible/copy:opacity-100"
        />
      </button>
      <span role="status" className="text-12 text-ink-3">
        {outcome}
      </span>
    </span>
  );
}
