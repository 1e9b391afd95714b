/** What the shell does at a key. None of these changes anything but what is on the screen. */
export type ShortcutAction =
  | 'go-overview'
  | 'go-clusters'
  | 'go-cycles'
  | 'go-pools'
  | 'go-sessions'
  | 'go-activity'
  | 'filter'
  | 'next-row'
  | 'previous-row'
  | 'select-row'
  | 'toggle-live'
  | 'sheet';

interface Shortcut {
  /** Pressed one after the other. */
  readonly keys: readonly string[];
  readonly does: string;
  /** Absent where the browser, a dialog or a picture answers to the key by itself. */
  readonly action?: ShortcutAction;
}

interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

/** Every key of the console: what is bound and what the sheet shows both come from here. */
export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'Go to',
    shortcuts: [
      { keys: ['g', 'o'], does: 'Overview', action: 'go-overview' },
      { keys: ['g', 'c'], does: 'Clusters', action: 'go-clusters' },
      { keys: ['g', 'y'], does: 'Cycles', action: 'go-cycles' },
      { keys: ['g', 'p'], does: 'Pools', action: 'go-pools' },
      { keys: ['g', 's'], does: 'Sessions', action: 'go-sessions' },
      { keys: ['g', 'a'], does: 'Activity', action: 'go-activity' },
    ],
  },
  {
    title: 'In a list',
    shortcuts: [
      { keys: ['/'], does: 'Filter, or search where there is none', action: 'filter' },
      { keys: ['j'], does: 'Next row', action: 'next-row' },
      { keys: ['k'], does: 'Previous row', action: 'previous-row' },
      { keys: ['x'], does: 'Select the row', action: 'select-row' },
      { keys: ['Enter'], does: 'Open the row' },
    ],
  },
  {
    title: 'In a picture that has the focus',
    shortcuts: [
      { keys: ['←', '→'], does: 'Move the cursor' },
      { keys: ['[', ']'], does: 'Previous, next event' },
      { keys: ['f'], does: 'Fit all of it' },
    ],
  },
  {
    title: 'Anywhere',
    shortcuts: [
      { keys: ['⌘ or Ctrl', 'K'], does: 'Search and commands' },
      { keys: ['l'], does: 'Pause or resume the live view', action: 'toggle-live' },
      { keys: ['?'], does: 'This sheet', action: 'sheet' },
      { keys: ['Esc'], does: 'Back one layer' },
    ],
  },
];

const bound = shortcutGroups
  .flatMap(({ shortcuts }) => shortcuts)
  .flatMap(({ keys, action }) => (action === undefined ? [] : [{ keys, action }]));

/** The keys of an action, as they are shown beside what does the same: `g c`. */
export function keysOf(action: ShortcutAction): string {
  return bound.find((shortcut) => shortcut.action === action)?.keys.join(' ') ?? '';
}

interface Reading {
  readonly action: ShortcutAction | null;
  /** What was pressed and may be the beginning of more; given back with the next key. */
  readonly pending: readonly string[];
}

/** What a key means after those before it. A key that does not go on with them begins anew. */
export function readKey(pending: readonly string[], key: string): Reading {
  const pressed = [...pending, key];
  const fitting = bound.filter(({ keys }) => pressed.every((one, index) => one === keys[index]));
  const whole = fitting.find(({ keys }) => keys.length === pressed.length);
  if (whole !== undefined) return { action: whole.action, pending: [] };
  if (fitting.length > 0) return { action: null, pending: pressed };
  return pending.length > 0 ? readKey([], key) : { action: null, pending: [] };
}
