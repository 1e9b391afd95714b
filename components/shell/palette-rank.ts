import type { EntryKind, PaletteEntry } from '@/components/shell/palette-entries';

/** Where two fit alike, what somebody is more likely to look for comes first. */
const KIND_ORDER = {
  page: 0,
  cycle: 1,
  cluster: 2,
  plan: 3,
  pool: 4,
  session: 5,
  instance: 6,
  command: 7,
} satisfies Record<EntryKind, number>;

/**
 * The entries that hold every word of what was typed, the best first; among equals the order in which they were given.
 * `found` come from the server, which has searched more of them than is shown: they are ranked and never left out.
 */
export function rank(text: string, found: readonly PaletteEntry[], fixed: readonly PaletteEntry[]): PaletteEntry[] {
  const asked = text.trim().toLowerCase();
  const fitting = fixed.filter(({ label }) => distance(label.toLowerCase(), asked) < NO_FIT);
  return [...found, ...fitting]
    .map((entry) => ({ entry, by: [distance(entry.label.toLowerCase(), asked), KIND_ORDER[entry.kind]] as const }))
    .sort((a, b) => a.by[0] - b.by[0] || a.by[1] - b.by[1])
    .map(({ entry }) => entry);
}

const NO_FIT = 4;

/** 0: this very name, or the part after the slash. 1: begins so. 2: a word begins so. 3: holds all words. */
function distance(label: string, asked: string): number {
  const names = [label, label.slice(label.lastIndexOf('/') + 1)];
  if (names.includes(asked)) return 0;
  if (names.some((name) => name.startsWith(asked))) return 1;
  if (label.split(/[\s/:.-]+/).some((word) => word.startsWith(asked))) return 2;
  return asked.split(/\s+/).every((word) => label.includes(word)) ? 3 : NO_FIT;
}

/** What was opened from the palette comes first the next time, each once, the last one first. */
export function withRecent(recent: readonly PaletteEntry[], opened: PaletteEntry): PaletteEntry[] {
  return [opened, ...recent.filter(({ key }) => key !== opened.key)].slice(0, RECENT_KEPT);
}

const RECENT_KEPT = 6;

/** What was kept in this browser; none where that is not what this version writes. */
export function parseRecent(text: string | null): PaletteEntry[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.flatMap((one) => parseEntry(one) ?? []) : [];
  } catch {
    return [];
  }
}

/** Only what goes somewhere within the console is kept. */
function parseEntry(kept: unknown): PaletteEntry | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { key, kind, label, note, href } = kept as Readonly<Record<string, unknown>>;
  if (typeof key !== 'string' || typeof label !== 'string' || typeof note !== 'string') return null;
  if (typeof href !== 'string' || !href.startsWith('/') || href.startsWith('//') || !isKind(kind)) return null;
  return { key, kind, label, note, href };
}

function isKind(kind: unknown): kind is EntryKind {
  return typeof kind === 'string' && Object.hasOwn(KIND_ORDER, kind);
}
