'use client';

import { clsx } from 'clsx';
import dynamic from 'next/dynamic';
import {
  type ComponentProps,
  cloneElement,
  createContext,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  useContext,
  useId,
  useRef,
  useState,
} from 'react';
import { Glyph } from '@/components/ui/glyph';
import { PageLink } from '@/components/ui/page-link';

// Loaded when the first menu opens.
const Popup = dynamic(() => import('@/components/ui/popup').then((module) => module.Popup), { ssr: false });

interface MenuProps {
  /** A button; the menu opens from it. */
  trigger: ReactElement<ComponentProps<'button'>>;
  children: ReactNode;
}

/** Closes the menu, and gives the focus back to its button. */
const CloseContext = createContext<() => void>(() => undefined);

/** What it holds is mounted with each opening. */
export function Menu({ trigger, children }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    button.current?.focus();
    setOpen(false);
  };
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        onClick: () => setOpen(!isOpen),
        onKeyDown: (event: KeyboardEvent) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setOpen(true);
        },
      })}
      {isOpen && (
        <Popup
          anchor={button}
          onClose={() => setOpen(false)}
          role="menu"
          onKeyDown={(event) => (event.key === 'Tab' ? close() : moveFocus(event))}
          className="min-w-48 py-1"
        >
          <CloseContext value={close}>{children}</CloseContext>
        </Popup>
      )}
    </>
  );
}

/** Through the entries by the arrows, Home and End, or to the next one that begins with a letter. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const from = entries.findIndex((entry) => entry === document.activeElement);
  const begins = (entry: HTMLElement) => entry.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase());
  const next = {
    ArrowDown: () => entries[(from + 1) % entries.length],
    ArrowUp: () => entries.at(from <= 0 ? -1 : from - 1),
    Home: () => entries[0],
    End: () => entries.at(-1),
  }[event.key];
  const entry =
    next?.() ?? (/^\p{L}$/u.test(event.key) ? [...entries.slice(from + 1), ...entries].find(begins) : undefined);
  if (next === undefined && entry === undefined) return;
  event.preventDefault();
  // A single letter is a shortcut of the console elsewhere.
  event.stopPropagation();
  entry?.focus();
}

const itemClass =
  'flex h-7 w-full items-center gap-2 px-3 text-left outline-none cursor-pointer hover:bg-accent-soft focus-visible:bg-accent-soft phone:h-9';

export function MenuItem({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  const close = useContext(CloseContext);
  const choose = () => {
    close();
    onClick();
  };
  return (
    <button type="button" role="menuitem" tabIndex={-1} onClick={choose} className={itemClass}>
      {children}
    </button>
  );
}

/** An entry that goes somewhere. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  const close = useContext(CloseContext);
  return (
    <PageLink href={href} role="menuitem" tabIndex={-1} onClick={close} className={itemClass}>
      {children}
    </PageLink>
  );
}

/** A choice of yes or no within a menu, which stays open. */
export function MenuSwitch({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <CheckedItem role="menuitemcheckbox" checked={checked} onClick={() => onChange(!checked)}>
      {children}
    </CheckedItem>
  );
}

interface MenuChoiceProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** A choice of one within a menu, which stays open. */
export function MenuChoice<Value extends string>({ label, options, value, onChange }: MenuChoiceProps<Value>) {
  const labelId = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
    <div role="group" aria-labelledby={labelId}>
      <div id={labelId} className="px-3 pt-2 pb-1 text-12 text-ink-3">
        {label}
      </div>
      {options.map((option) => (
        <CheckedItem
          key={option.value}
          role="menuitemradio"
          checked={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </CheckedItem>
      ))}
    </div>
  );
}

interface CheckedItemProps {
  role: 'menuitemcheckbox' | 'menuitemradio';
  checked: boolean;
  onClick: () => void;
  children: ReactNode;
}

function CheckedItem({ role, checked, onClick, children }: CheckedItemProps) {
  return (
    <button type="button" {...{ role, 'aria-checked': checked }} tabIndex={-1} onClick={onClick} className={itemClass}>
      <Glyph shape="tick" className={clsx('size-2.5! text-accent', !checked && 'invisible')} />
      {children}
    </button>
  );
}

export function MenuSeparator() {
  return <hr className="my-1 border-t border-line" />;
}
