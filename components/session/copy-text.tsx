'use client';

import { useState } from 'react';
import { TextButton } from '@/components/ui/text-link';

interface CopyTextProps {
  label: string;
  /** Gives the text when it is asked for. */
  read: () => string | Promise<string>;
}

/** Copies a text that is longer than what one sees. */
export function CopyText({ label, read }: CopyTextProps) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const copy = () =>
    // Without a secure context there is no clipboard, and calling it throws.
    Promise.resolve()
      .then(read)
      .then((text) => navigator.clipboard.writeText(text))
      .then(
        () => setOutcome('Copied'),
        () => setOutcome('Not copied: select it by hand'),
      );
  return (
    <TextButton onClick={() => void copy()} onBlur={() => setOutcome(null)}>
      <span role="status">{outcome ?? label}</span>
    </TextButton>
  );
}
