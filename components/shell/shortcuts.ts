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

/** What is pressed for each, one key after the other. */
export const KEYS: Readonly<Record<ShortcutAction, readonly string[]>> = {
  'go-overview': ['g', 'o'],
  'go-clusters': ['g', 'c'],
  'go-cycles': ['g', 'y'],
  'go-pools': ['g', 'p'],
  'go-sessions': ['g', 's'],
  'go-activity': ['g', 'a'],
  filter: ['/'],
  'next-row': ['j'],
  'previous-row': ['k'],
  'select-row': ['x'],
  'toggle-live': ['l'],
  sheet: ['?'],
};

const actions = Object.keys(KEYS) as ShortcutAction[];

/** The keys of an action, as they are shown beside what does the same: `g c`. */
export function keysOf(action: ShortcutAction): string {
  return KEYS[action].join(' ');
}

interface Reading {
  readonly action: ShortcutAction | null;
  /** What was pressed and may be the beginning of more; given back with the next key. */
  readonly pending: readonly string[];
}

/** What a key means after those before it. A key that does not go on with them begins anew. */
export function readKey(pending: readonly string[], key: string): Reading {
  const pressed = [...pending, key];
  const fitting = actions.filter((action) => pressed.every((one, index) => one === KEYS[action][index]));
  const whole = fitting.find((action) => KEYS[action].length === pressed.length);
  if (whole !== undefined) return { action: whole, pending: [] };
  if (fitting.length > 0) return { action: null, pending: pressed };
  return pending.length > 0 ? readKey([], key) : { action: null, pending: [] };
}
