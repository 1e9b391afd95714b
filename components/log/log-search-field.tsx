'use client';

import { type KeyboardEvent, useEffect, useEffectEvent, useState } from 'react';
import { indexAtOrAfter } from '@/components/log/log-window';
import { Button } from '@/components/ui/button';
import { Glyph } from '@/components/ui/glyph';
import type { LogLineView } from '@/server/contract/session';

interface LogSearchFieldProps {
  /** What is searched for now. */
  value: string;
  onChange: (text: string) => void;
  found: {
    readonly lines: readonly LogLineView[];
    readonly hasMore: boolean;
    readonly isReading: boolean;
    readMore(): void;
  };
  /** The number of the line that is pointed to, from 0. */
  pointed: number | null;
  onGo: (line: LogLineView) => void;
}

/** Searches the whole log on the server. Enter goes to the next match, with shift to the one before, Escape clears. */
export function LogSearchField({ value, onChange, found, pointed, onGo }: LogSearchFieldProps) {
  const [draft, setDraft] = useState('');
  const { lines, hasMore, isReading } = found;
  const here = pointed === null ? -1 : indexAtOrAfter(lines, pointed);
  const isOnMatch = here >= 0 && lines[here]?.line === pointed;
  const next = () => {
    const index = pointed === null ? 0 : isOnMatch ? here + 1 : here;
    if (index >= lines.length - 1 && hasMore) found.readMore();
    const match = lines[index] ?? lines[0];
    if (match !== undefined) onGo(match);
  };
  const previous = () => {
    const match = lines[(here < 0 ? lines.length : here) - 1] ?? lines.at(-1);
    if (match !== undefined) onGo(match);
  };
  const goFirst = useEffectEvent(() => {
    const match = lines[Math.max(0, here)];
    if (match !== undefined) onGo(match);
  });
  const isFound = value !== '' && lines.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search goes to its own first match
  useEffect(() => {
    if (isFound) goFirst();
  }, [value, isFound]);
  const clear = () => {
    setDraft('');
    onChange('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && (draft !== '' || value !== '')) {
      event.stopPropagation();
      clear();
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (draft !== value) onChange(draft);
    else if (event.shiftKey) previous();
    else next();
  };
  return (
    <search className="flex h-7 min-w-40 flex-1 items-center gap-1 rounded-control border border-control bg-panel pr-0.5 pl-2 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent phone:h-9 phone:basis-full">
      <Glyph shape="search" className="text-ink-3" />
      <input
        aria-label="Search the log"
        placeholder="Search, then Enter"
        value={draft}
        maxLength={200}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className="h-full w-full min-w-0 flex-1 bg-transparent outline-none placeholder:text-ink-3"
      />
      {value !== '' && (
        <>
          <span role="status" className="text-12 whitespace-nowrap text-ink-3">
            {matchesInWords(lines.length, hasMore, isReading, isOnMatch ? here + 1 : null)}
          </span>
          <Button
            variant="quiet"
            size="small"
            aria-label="Previous match"
            onClick={previous}
            disabled={lines.length === 0}
          >
            <Glyph shape="arrow-up" />
          </Button>
          <Button variant="quiet" size="small" aria-label="Next match" onClick={next} disabled={lines.length === 0}>
            <Glyph shape="arrow-down" />
          </Button>
          <Button variant="quiet" size="small" aria-label="Clear the search" onClick={clear}>
            <Glyph shape="close" />
          </Button>
        </>
      )}
    </search>
  );
}

function matchesInWords(count: number, hasMore: boolean, isReading: boolean, here: number | null): string {
  if (isReading && count === 0) return 'searching';
  if (count === 0) return 'not found';
  const all = `${count.toLocaleString('en-GB')}${hasMore ? '+' : ''}`;
  return here === null ? `${all} found` : `${here.toLocaleString('en-GB')} of ${all}`;
}
