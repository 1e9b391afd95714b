'use client';

import { useSyncExternalStore } from 'react';
import { Glyph } from '@/components/ui/glyph';

interface SearchFieldProps {
  onOpen: () => void;
  /** Somebody is about to open it. */
  onNear: () => void;
}

/** Looks like a field and opens the palette, where one types. */
export function SearchField({ onOpen, onNear }: SearchFieldProps) {
  const keys = useSyncExternalStore(noChange, paletteKeys, () => 'Ctrl K');
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label="Search or run a command"
      onClick={onOpen}
      onPointerEnter={onNear}
      onFocus={onNear}
      className="flex h-7 max-w-90 min-w-0 flex-1 cursor-text! items-center gap-2 overflow-hidden rounded-control border border-line bg-sunken pr-1.5 pl-2 whitespace-nowrap text-ink-3 hover:border-line-strong phone:size-9 phone:flex-none phone:cursor-pointer! phone:justify-center phone:border-line-strong phone:bg-panel phone:p-0"
    >
      <Glyph shape="search" />
      <span className="truncate phone:hidden">Search or run a command</span>
      <kbd className="ml-auto rounded-[3px] border border-line-strong bg-panel px-1 text-11 phone:hidden">{keys}</kbd>
    </button>
  );
}

function noChange(): () => void {
  return () => undefined;
}

function paletteKeys(): string {
  return navigator.userAgent.includes('Mac') ? '⌘K' : 'Ctrl K';
}
