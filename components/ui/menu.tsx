'use client';

import { Menu as Primitive } from '@base-ui/react/menu';
import { clsx } from 'clsx';
import Link from 'next/link';
import type { ReactElement, ReactNode } from 'react';
import { Glyph } from '@/components/ui/glyph';

interface MenuProps {
  /** A button; the menu opens from it. */
  trigger: ReactElement;
  children: ReactNode;
}

export function Menu({ trigger, children }: MenuProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger render={trigger} />
      <Primitive.Portal>
        <Primitive.Positioner align="end" sideOffset={4} className="z-50">
          <Primitive.Popup className="min-w-48 rounded-panel border border-line-strong bg-panel py-1 text-ink shadow-float outline-none">
            {children}
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

const itemClass =
  'flex h-7 items-center gap-2 px-3 outline-none cursor-pointer data-highlighted:bg-accent-soft phone:h-9';

export function MenuItem({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Primitive.Item onClick={onClick} className={itemClass}>
      {children}
    </Primitive.Item>
  );
}

/** An entry that goes somewhere. */
export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Primitive.LinkItem closeOnClick render={<Link href={href} />} className={itemClass}>
      {children}
    </Primitive.LinkItem>
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
    <Primitive.CheckboxItem
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      className={clsx(itemClass, 'group/item')}
    >
      <Glyph shape="tick" className="invisible size-2.5! text-accent group-data-checked/item:visible" />
      {children}
    </Primitive.CheckboxItem>
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
  return (
    <Primitive.Group>
      <Primitive.GroupLabel className="px-3 pt-2 pb-1 text-12 text-ink-3">{label}</Primitive.GroupLabel>
      <Primitive.RadioGroup value={value} onValueChange={(chosen: Value) => onChange(chosen)}>
        {options.map((option) => (
          <Primitive.RadioItem key={option.value} value={option.value} className={clsx(itemClass, 'group/item')}>
            <Glyph shape="tick" className="invisible size-2.5! text-accent group-data-checked/item:visible" />
            {option.label}
          </Primitive.RadioItem>
        ))}
      </Primitive.RadioGroup>
    </Primitive.Group>
  );
}

export function MenuSeparator() {
  return <Primitive.Separator className="my-1 border-t border-line" />;
}
