import { useEffect, useEffectEvent, useRef, useState } from 'react';

const PAUSE_MS = 250;

interface Draft {
  /** What the field shows: what was typed last, or the value. */
  readonly text: string;
  /** Takes effect when the typing pauses. */
  readonly type: (text: string) => void;
  /** Takes effect at once. */
  readonly commit: (text: string) => void;
}

/** The text of a field that changes its value only when the typing pauses. */
export function useDraft(value: string, onChange: (value: string) => void): Draft {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (text: string) => {
    clearTimeout(timer.current);
    setDraft(null);
    onChange(text);
  };
  const commitDraft = useEffectEvent(() => {
    if (draft !== null) commit(draft);
  });
  useEffect(() => {
    if (draft === null) return;
    timer.current = setTimeout(() => commitDraft(), PAUSE_MS);
    return () => clearTimeout(timer.current);
  }, [draft]);
  return { text: draft ?? value, type: setDraft, commit };
}
