'use client';

import { Dialog as Primitive } from '@base-ui/react/dialog';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useDebounced } from '@/components/pool/use-debounced';
import {
  type EntryKind,
  fixedEntries,
  foundEntries,
  type HarmlessAct,
  type PaletteEntry,
} from '@/components/shell/palette-entries';
import { parseRecent, rank, withRecent } from '@/components/shell/palette-rank';
import { useShell } from '@/components/shell/shell-context';
import { useTRPC } from '@/components/trpc/client';
import { useLivePause } from '@/components/trpc/use-live';
import { useZone } from '@/components/ui/clock';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { ProgressLine } from '@/components/ui/progress-line';
import { chooseTheme } from '@/components/ui/theme';
import { localZone } from '@/components/ui/zoned-time';
import type { Role } from '@/server/contract/people.ts';

const TYPING_MS = 120;
const RECENT_KEY = 'roundhouse-recent';

interface PaletteProps {
  role: Role;
  onOpenChange: (open: boolean) => void;
}

/** Finds whatever has a name, and opens it or the page that asks. It never orders anything by itself. */
export function Palette({ role, onOpenChange }: PaletteProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Primitive.Root open onOpenChange={(open) => onOpenChange(open)}>
      <Primitive.Portal>
        <Primitive.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Primitive.Popup
          aria-label="Search and commands"
          initialFocus={input}
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-150 max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col overflow-hidden rounded-panel border border-line-strong bg-panel text-ink shadow-float outline-none phone:inset-0 phone:top-0 phone:left-0 phone:h-dvh phone:max-h-none phone:w-full phone:max-w-none phone:translate-x-0 phone:rounded-none phone:border-0"
        >
          <Search role={role} input={input} onClose={() => onOpenChange(false)} />
        </Primitive.Popup>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface SearchProps {
  role: Role;
  input: React.RefObject<HTMLInputElement | null>;
  onClose: () => void;
}

function Search({ role, input, onClose }: SearchProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { sections, isReading, isFailed } = useEntries(text, role);
  const entries = sections.flatMap((section) => section.entries);
  const last = entries.length - 1;
  const present = Math.min(at, last);
  const chosen = entries[present];
  const open = useOpen(onClose);
  const optionId = (index: number) => `${id}-${index}`;

  const move = (to: number) => {
    setAt(to);
    document.getElementById(optionId(to))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || last < 0) return;
    if (event.key === 'ArrowDown') move(present === last ? 0 : present + 1);
    else if (event.key === 'ArrowUp') move(present === 0 ? last : present - 1);
    else if (event.key === 'Enter' && chosen !== undefined) open(chosen);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="flex h-10 flex-none items-center gap-2 border-b border-line pr-2 pl-4 phone:h-13">
        <Glyph shape="search" className="text-ink-3" />
        <input
          ref={input}
          role="combobox"
          aria-label="Search or run a command"
          aria-expanded={entries.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : optionId(present)}
          placeholder="Clusters, instances, plans, cycles, pools, sessions, commands"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className="h-full min-w-0 flex-1 truncate bg-transparent outline-none placeholder:text-ink-3"
        />
        <Primitive.Close className="h-6 flex-none rounded-control px-2 text-12 text-ink-2 hover:bg-hover hover:text-ink phone:h-9">
          Close
        </Primitive.Close>
      </div>
      <ProgressLine active={isReading} />
      <div id={`${id}-list`} role="listbox" aria-label="Found" className="min-h-0 flex-1 overflow-y-auto pb-2">
        {sections.map(({ title, entries: shown }) => (
          // biome-ignore lint/a11y/useSemanticElements: the options of a listbox are grouped by this role
          <div key={title} role="group" aria-label={title}>
            <div aria-hidden="true" className="px-4 pt-2 pb-1 text-12 text-ink-3">
              {title}
            </div>
            {shown.map((entry) => {
              const index = entries.indexOf(entry);
              return (
                <Option
                  key={entry.key}
                  id={optionId(index)}
                  entry={entry}
                  text={text.trim()}
                  selected={index === present}
                  onPoint={() => setAt(index)}
                  onOpen={() => open(entry)}
                />
              );
            })}
          </div>
        ))}
      </div>
      <p role="status" className={clsx(entries.length > 0 && !isFailed ? 'sr-only' : 'px-4 pb-4 text-ink-2')}>
        {isFailed
          ? 'The search did not reach the server; pages and commands are still here.'
          : entries.length === 0
            ? isReading
              ? 'Searching'
              : `Nothing has “${text.trim()}” in its name or id.`
            : `${entries.length} found`}
      </p>
    </>
  );
}

interface Section {
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
}

function useEntries(text: string, role: Role): { sections: Section[]; isReading: boolean; isFailed: boolean } {
  const asked = useDebounced(text.trim(), TYPING_MS);
  const { data, isFetching, isError } = useQuery({
    ...useTRPC().search.query.queryOptions({ q: asked }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
  const [recent] = useState(readRecent);
  const isAsking = text.trim() !== '';
  const found = data === undefined || !isAsking ? [] : foundEntries(data, role);
  const ranked = rank(text, found, fixedEntries(role));
  const sections = [
    { title: 'Recent', entries: isAsking ? [] : recent },
    { title: 'Go to', entries: ranked.filter(({ kind }) => kind !== 'command') },
    { title: 'Do', entries: ranked.filter(({ kind }) => kind === 'command') },
  ];
  return {
    sections: sections
      .map(({ title, entries }) => ({ title, entries: title === 'Recent' ? entries : without(entries, sections[0]) }))
      .filter(({ entries }) => entries.length > 0),
    isReading: isAsking && (isFetching || asked !== text.trim()),
    isFailed: isAsking && isError,
  };
}

/** What is among the recent ones does not stand a second time below. */
function without(entries: readonly PaletteEntry[], shown: Section | undefined): PaletteEntry[] {
  return entries.filter(({ key }) => shown?.entries.every((one) => one.key !== key) ?? true);
}

/** Opens what an entry is for, and closes the palette. */
function useOpen(onClose: () => void): (entry: PaletteEntry) => void {
  const router = useRouter();
  const act = useActs();
  return (entry) => {
    if (entry.off !== undefined) return;
    onClose();
    if (entry.act !== undefined) act[entry.act]();
    if (entry.href === undefined) return;
    keepRecent(entry);
    router.push(entry.href);
  };
}

function useActs(): Record<HarmlessAct, () => void> {
  const { openSheet, singleKeys, setSingleKeys } = useShell();
  const { zone, chooseZone } = useZone();
  const { toggle } = useLivePause();
  return {
    'theme-light': () => chooseTheme('light'),
    'theme-dark': () => chooseTheme('dark'),
    'theme-system': () => chooseTheme('system'),
    times: () => chooseZone(zone === 'UTC' ? localZone() : 'UTC'),
    live: toggle,
    sheet: openSheet,
    'single-keys': () => setSingleKeys(!singleKeys),
  };
}

const glyphs = {
  page: 'chevron-down',
  cycle: 'play',
  cluster: 'ring',
  plan: 'diamond',
  pool: 'square',
  session: 'square-half',
  instance: 'disc',
  command: 'chevron-down',
} satisfies Record<EntryKind, GlyphShape>;

interface OptionProps {
  id: string;
  entry: PaletteEntry;
  text: string;
  selected: boolean;
  onPoint: () => void;
  onOpen: () => void;
}

function Option({ id, entry, text, selected, onPoint, onOpen }: OptionProps) {
  const isOff = entry.off !== undefined;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which points here
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-disabled={isOff || undefined}
      onPointerMove={selected ? undefined : onPoint}
      onClick={onOpen}
      className={clsx(
        'flex min-h-8 items-center gap-3 px-4 py-1 phone:min-h-11 phone:flex-wrap phone:gap-y-0',
        isOff ? 'text-ink-3' : 'cursor-pointer',
        selected && 'bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]',
      )}
    >
      <Glyph
        shape={glyphs[entry.kind]}
        className={clsx('text-ink-3', (entry.kind === 'page' || entry.kind === 'command') && '-rotate-90')}
      />
      <span className="min-w-0 truncate phone:flex-1">
        <Marked label={entry.label} text={text} />
      </span>
      <span className="ml-auto min-w-0 truncate text-12 text-ink-3 phone:ml-7 phone:basis-full">
        {isOff ? `off: ${entry.off}` : entry.note}
      </span>
    </div>
  );
}

/** The label with what was typed in it set off. */
function Marked({ label, text }: { label: string; text: string }) {
  const at = text === '' ? -1 : label.toLowerCase().indexOf(text.toLowerCase());
  if (at === -1) return label;
  return (
    <>
      {label.slice(0, at)}
      <b className="font-medium">{label.slice(at, at + text.length)}</b>
      {label.slice(at + text.length)}
    </>
  );
}

function readRecent(): PaletteEntry[] {
  try {
    return parseRecent(localStorage.getItem(RECENT_KEY));
  } catch {
    // The browser keeps nothing for this page, by choice of its user.
    return [];
  }
}

function keepRecent({ key, kind, label, note, href }: PaletteEntry): void {
  if (kind === 'command' || href === undefined) return;
  try {
    localStorage.setItem(RECENT_KEY, JSON.stringify(withRecent(readRecent(), { key, kind, label, note, href })));
  } catch {
    // As above: it is found again by its name.
  }
}
