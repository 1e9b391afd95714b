'use client';

import { useEffect, useEffectEvent, useRef } from 'react';
import { readKey, type ShortcutAction } from '@/components/shell/shortcuts';

/** A sequence that is not gone on with in this time is forgotten. */
const SEQUENCE_MS = 1_500;

/** What has all keys to itself while the focus is in it. */
const LAYERS = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

/** What may have single keys of its own: those for rows are not meant for the list around it. */
const WIDGETS = '[role="log"], [role="slider"], [role="grid"], [role="application"]';

interface Shortcuts {
  /** Whether keys without a modifier do anything: a person can switch them off. */
  readonly singleKeys: boolean;
  readonly act: Readonly<Record<ShortcutAction, () => void>>;
  readonly openPalette: () => void;
}

/** Listens to the keys of the whole page: the single ones, unless somebody types, and the one of the palette. */
export function useShortcuts({ singleKeys, act, openPalette }: Shortcuts): void {
  const pending = useRef<{ keys: readonly string[]; at: number }>({ keys: [], at: 0 });

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (isPaletteKey(event)) {
      event.preventDefault();
      openPalette();
      return;
    }
    if (!singleKeys || event.ctrlKey || event.metaKey || event.altKey || belongsElsewhere(event.target)) return;
    const { keys, at } = pending.current;
    const read = readKey(event.timeStamp - at > SEQUENCE_MS ? [] : keys, event.key);
    pending.current = { keys: read.pending, at: event.timeStamp };
    if (read.action === null || (isForRows(read.action) && isWithin(event.target, WIDGETS))) return;
    // A key that is held down walks through rows; anything else it does once.
    if (event.repeat && !isForRows(read.action)) return;
    event.preventDefault();
    act[read.action]();
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

function isPaletteKey(event: KeyboardEvent): boolean {
  return event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey;
}

function isForRows(action: ShortcutAction): boolean {
  return action === 'next-row' || action === 'previous-row' || action === 'select-row';
}

function belongsElsewhere(target: EventTarget | null): boolean {
  return isTyping(target) || isWithin(target, LAYERS);
}

/** Text goes into it, or a letter chooses in it. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  return target.matches('input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])');
}

function isWithin(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
