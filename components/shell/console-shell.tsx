'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { AppShell } from '@/components/shell/app-shell';
import { SearchField } from '@/components/shell/search-field';
import { type Shell, ShellContext } from '@/components/shell/shell-context';
import { ShellKeys } from '@/components/shell/shell-keys';
import { waitingPlans } from '@/components/shell/waiting-plans';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { useClock } from '@/components/ui/clock';
import { laterPart } from '@/components/ui/later-part';
import { ENVIRONMENT_COOKIE, KEYS_COOKIE, RAIL_COOKIE, rememberPreference } from '@/components/ui/preferences';
import type { Viewer } from '@/server/contract/people.ts';

const EnvironmentFilter = laterPart(
  dynamic(() => import('@/components/shell/environment-filter').then((module) => module.EnvironmentFilter)),
);

const Account = laterPart(dynamic(() => import('@/components/people/account').then((module) => module.Account)));
const LiveChip = laterPart(dynamic(() => import('@/components/shell/live-chip').then((module) => module.LiveChip)));

const loadPalette = () => import('@/components/shell/palette').then((module) => module.Palette);
const Palette = dynamic(loadPalette, { ssr: false });
const KeySheet = dynamic(() => import('@/components/shell/key-sheet').then((module) => module.KeySheet), {
  ssr: false,
});

export interface ShellPreferences {
  readonly singleKeys: boolean;
  readonly narrowRail: boolean;
  readonly environment: string | null;
}

interface ConsoleShellProps {
  viewer: Viewer;
  /** As they were kept in this browser. */
  preferences: ShellPreferences;
  children: ReactNode;
}

/** The shell with what lives in it: what waits for a person, how fresh the page is, the keys, and what they open. */
export function ConsoleShell({ viewer, preferences, children }: ConsoleShellProps) {
  const [open, setOpen] = useState<'palette' | 'sheet' | null>(null);
  const [narrow, setNarrow] = usePreference(preferences.narrowRail, keepRail);
  const shell = useShellState(preferences, setOpen);
  const close = (isOpen: boolean) => !isOpen && setOpen(null);
  return (
    <ShellContext value={shell}>
      <AppShell
        waiting={useWaiting()}
        narrow={narrow}
        onNarrow={setNarrow}
        environments={<EnvironmentFilter />}
        search={<SearchField onOpen={shell.openPalette} onNear={() => void loadPalette()} />}
        live={<LiveChip />}
        account={<Account name={viewer.name} role={viewer.role} />}
      >
        {children}
      </AppShell>
      <ShellKeys />
      {open === 'palette' && <Palette role={viewer.role} onOpenChange={close} />}
      {open === 'sheet' && <KeySheet onOpenChange={close} />}
    </ShellContext>
  );
}

function useShellState(preferences: ShellPreferences, open: (layer: 'palette' | 'sheet') => void): Shell {
  const [singleKeys, setSingleKeys] = usePreference(preferences.singleKeys, keepKeys);
  const [environment, chooseEnvironment] = usePreference(preferences.environment, keepEnvironment);
  return useMemo(
    () => ({
      singleKeys,
      setSingleKeys,
      environment,
      chooseEnvironment,
      openPalette: () => open('palette'),
      openSheet: () => open('sheet'),
    }),
    [singleKeys, setSingleKeys, environment, chooseEnvironment, open],
  );
}

const keepRail = (isNarrow: boolean) => rememberPreference(RAIL_COOKIE, isNarrow ? 'narrow' : undefined);
const keepKeys = (isOn: boolean) => rememberPreference(KEYS_COOKIE, isOn ? undefined : 'off');
const keepEnvironment = (name: string | null) => rememberPreference(ENVIRONMENT_COOKIE, name ?? undefined);

/** A choice that is kept in this browser by `keep`, which is always the same. */
function usePreference<Value>(initial: Value, keep: (value: Value) => void): [Value, (value: Value) => void] {
  const [value, setValue] = useState(initial);
  // The same as well: it is in a context, and what is not alive yet waits for those to change.
  const choose = useCallback(
    (chosen: Value) => {
      keep(chosen);
      setValue(chosen);
    },
    [keep],
  );
  return [value, choose];
}

function useWaiting(): number {
  const query = useTRPC().plan.list.queryOptions(waitingPlans);
  const { data } = useQuery(query);
  useLive('plans', data?.cursors.plans, query.queryKey, () => 'refetch');
  return useClock((now) => data?.rows.filter((plan) => plan.expiresAt > now).length ?? 0);
}
