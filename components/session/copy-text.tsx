'use client';

import { useState } from 'react';
import { TextButton } from '@/components/ui/text-link';

/** Copies a text that is longer than what one sees. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const copy = () =>
    // Without a secure context there is no clipboard, and calling it throws.
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(text))
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
