'use client';

import { useState } from 'react';
import { useZone } from '@/components/ui/clock';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/components/ui/menu';
import { parseTheme, rememberPreference, THEME_COOKIE, type Theme } from '@/components/ui/preferences';
import { zoneLabel } from '@/components/ui/zoned-time';

interface UserMenuProps {
  name: string;
  /** As shown: "operator". */
  role: string;
  onSignOut: () => void;
}

/** Who is signed in, how the console looks to them, and the way out. */
export function UserMenu({ name, role, onSignOut }: UserMenuProps) {
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`${name}, ${role}`}
          className="grid size-6 flex-none place-items-center rounded-full border border-line-strong text-11 font-medium text-ink-2 hover:bg-sunken phone:size-8"
        >
          {initials(name)}
        </button>
      }
    >
      <div className="px-3 pt-1 pb-2">
        <div className="font-medium">{name}</div>
        <div className="text-12 text-ink-3">{role}</div>
      </div>
      <MenuSeparator />
      <ThemeChoice />
      <ZoneChoice />
      <MenuSeparator />
      <MenuItem onClick={onSignOut}>Sign out</MenuItem>
    </Menu>
  );
}

type ThemeOption = Theme | 'system';

function ThemeChoice() {
  // The menu is drawn only when it opens, in the browser, so the document is there to be asked.
  const [theme, setTheme] = useState<ThemeOption>(() => parseTheme(document.documentElement.dataset.theme) ?? 'system');
  const choose = (chosen: ThemeOption) => {
    const value = chosen === 'system' ? undefined : chosen;
    rememberPreference(THEME_COOKIE, value);
    if (value === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
    setTheme(chosen);
  };
  return (
    <MenuChoice
      label="Theme"
      options={[
        { value: 'system', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
      value={theme}
      onChange={choose}
    />
  );
}

function ZoneChoice() {
  const { zone, chooseZone } = useZone();
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set(['UTC', zone, local])];
  return (
    <MenuChoice
      label="Times"
      options={zones.map((value) => ({ value, label: zoneLabel(value) }))}
      value={zone}
      onChange={chooseZone}
    />
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return [words.at(0), words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.charAt(0).toUpperCase() ?? '')
    .join('');
}
