'use client';

import { useState } from 'react';
import { useShell } from '@/components/shell/shell-context';
import { useZone } from '@/components/ui/clock';
import { Menu, MenuChoice, MenuItem, MenuSeparator, MenuSwitch } from '@/components/ui/menu';
import { chooseTheme, chosenTheme, type ThemeOption } from '@/components/ui/theme';
import { localZone, zoneLabel } from '@/components/ui/zoned-time';

interface UserMenuProps {
  name: string;
  /** As shown: "operator". */
  role: string;
  onSignOut: () => void;
}

/** Who is signed in, how the console looks to them, and the way out. */
export function UserMenu({ name, role, onSignOut }: UserMenuProps) {
  const { singleKeys, setSingleKeys, openSheet } = useShell();
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`${name}, ${role}`}
          className="grid size-6 flex-none place-items-center rounded-full border border-line-strong text-11 font-medium text-ink-2 hover:bg-sunken phone:size-9"
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
      <MenuSwitch checked={singleKeys} onChange={setSingleKeys}>
        Single-key shortcuts
      </MenuSwitch>
      <MenuItem onClick={openSheet}>Keyboard…</MenuItem>
      <MenuSeparator />
      <MenuItem onClick={onSignOut}>Sign out</MenuItem>
    </Menu>
  );
}

function ThemeChoice() {
  // The menu is drawn only when it opens, in the browser, so the document is there to be asked.
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (chosen: ThemeOption) => {
    chooseTheme(chosen);
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
  const zones = [...new Set(['UTC', zone, localZone()])];
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
