import { KEYS, type ShortcutAction } from '@/components/shell/shortcuts';

interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
}

/** Everything that the sheet of keys shows. */
export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'Go to',
    shortcuts: [
      bound('go-overview', 'Overview'),
      bound('go-clusters', 'Clusters'),
      bound('go-cycles', 'Cycles'),
      bound('go-pools', 'Pools'),
      bound('go-sessions', 'Sessions'),
      bound('go-activity', 'Activity'),
    ],
  },
  {
    title: 'In a list',
    shortcuts: [
      bound('filter', 'Filter, or search where there is none'),
      bound('next-row', 'Next row'),
      bound('previous-row', 'Previous row'),
      bound('select-row', 'Select the row'),
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
      bound('toggle-live', 'Pause or resume the live view'),
      bound('sheet', 'This sheet'),
      { keys: ['Esc'], does: 'Back one layer' },
    ],
  },
];

function bound(action: ShortcutAction, does: string): Shortcut {
  return { keys: KEYS[action], does };
}
