'use client';

import { createContext, useContext } from 'react';

/** What parts of the shell, and what floats above it, do to the whole of it. */
export interface Shell {
  readonly singleKeys: boolean;
  readonly setSingleKeys: (on: boolean) => void;
  readonly openPalette: () => void;
  readonly openSheet: () => void;
  /** The environment that was chosen last; null for all. */
  readonly environment: string | null;
  readonly chooseEnvironment: (name: string | null) => void;
}

export const ShellContext = createContext<Shell | null>(null);

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === null) throw new Error('There is no ConsoleShell around this component');
  return shell;
}
