'use client';

import { type ReactNode, useLayoutEffect, useState, useSyncExternalStore } from 'react';

/**
 * Until the browser has made alive what the server drew, nothing in it can be pressed or filled in, so that no click is
 * taken and then lost.
 */
export function Alive({ children }: { children: ReactNode }) {
  return (
    <div inert={!useAlive()} className="contents">
      {children}
    </div>
  );
}

/** Whether this part is alive: false on the server, and in the browser until what the server drew is. */
export function useAlive(): boolean {
  const [isAlive, setAlive] = useState(!useDrawnByServer());
  useLayoutEffect(() => setAlive(true), []);
  return isAlive;
}

/** Whether this part takes over what the server drew. */
export function useDrawnByServer(): boolean {
  const isDrawn = useSyncExternalStore(subscribeToNothing, no, yes);
  return useState(isDrawn)[0];
}

let waiting: AbortController | null = null;

/**
 * Acts once every part within `page` that the server drew is alive: at once, or as soon as the last of them is. Whatever
 * the person does meanwhile takes it back.
 */
export function onceAlive(page: ParentNode & Node, act: () => void): void {
  waiting?.abort();
  if (page.querySelector('[inert]') === null) {
    act();
    return;
  }
  const controller = new AbortController();
  const { signal } = controller;
  const takeBack = () => controller.abort();
  waiting = controller;
  const observer = new MutationObserver(() => {
    if (page.querySelector('[inert]') !== null) return;
    takeBack();
    act();
  });
  signal.addEventListener('abort', () => observer.disconnect());
  for (const deed of ['keydown', 'pointerdown', 'popstate']) window.addEventListener(deed, takeBack, { signal });
  observer.observe(page, { subtree: true, childList: true, attributeFilter: ['inert'] });
}

const subscribeToNothing = () => () => undefined;
const yes = () => true;
const no = () => false;
