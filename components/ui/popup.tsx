'use client';

import { clsx } from 'clsx';
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
} from 'react';

interface PopupProps {
  /** What it opens from. It gets the focus back. */
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  role: 'menu' | 'dialog';
  label?: string;
  onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
  className: string;
  children: ReactNode;
}

const GAP_PX = 4;
const EDGE_PX = 8;

/**
 * Floats above all else, beside its anchor, from when it is mounted. Takes the focus, a menu for its first entry; Escape, a press elsewhere and a
 * focus that goes elsewhere close it.
 */
export function Popup({ anchor, onClose, role, label, onKeyDown, className, children }: PopupProps) {
  const popup = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = popup.current;
    if (element === null || anchor.current === null) return;
    element.showPopover();
    place(element, anchor.current);
    (element.querySelector<HTMLElement>('[role^="menuitem"]') ?? element).focus();
  }, [anchor]);

  const closeWhenElsewhere = useEffectEvent(({ type, target }: Event) => {
    const isInside = target instanceof Node && (popup.current?.contains(target) || anchor.current?.contains(target));
    // A log that follows its end scrolls by itself; only what moves the anchor parts the two.
    const isApart = type === 'scroll' && target instanceof Node && !target.contains(anchor.current);
    if (!isInside && !isApart) onClose();
  });
  useEffect(() => {
    const listener = (event: Event) => closeWhenElsewhere(event);
    const types = ['pointerdown', 'focusin', 'scroll', 'resize'] as const;
    for (const type of types) window.addEventListener(type, listener, true);
    return () => {
      for (const type of types) window.removeEventListener(type, listener, true);
    };
  }, []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role stands among what is spread
    <div
      ref={popup}
      popover="manual"
      {...{ role, 'aria-label': label, tabIndex: -1 }}
      onKeyDown={(event) => {
        onKeyDown?.(event);
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        anchor.current?.focus();
        onClose();
      }}
      className={clsx(
        'fixed inset-auto m-0 max-h-[calc(100dvh-16px)] overflow-y-auto rounded-panel border border-line-strong bg-panel text-ink shadow-float outline-none',
        className,
      )}
    >
      {children}
    </div>
  );
}

/** Under the anchor, their right edges in line; above it where there is no room, and never over an edge. */
function place(element: HTMLElement, anchor: HTMLElement): void {
  const { bottom, right, top } = anchor.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const fits = bottom + GAP_PX + element.offsetHeight <= clientHeight - EDGE_PX;
  const y = fits ? bottom + GAP_PX : Math.max(EDGE_PX, top - GAP_PX - element.offsetHeight);
  const x = Math.min(Math.max(EDGE_PX, right - element.offsetWidth), clientWidth - element.offsetWidth - EDGE_PX);
  element.style.top = `${y}px`;
  element.style.left = `${Math.max(EDGE_PX, x)}px`;
}
