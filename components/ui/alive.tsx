'use client';

import { type ComponentType, useSyncExternalStore } from 'react';

/**
 * For parts whose code comes after the page: until the browser has made what the server drew alive, nothing in it can be
 * pressed, so that no click is taken and then lost.
 */
export function alive<Props extends object>(Part: ComponentType<Props>): ComponentType<Props> {
  return function Alive(props: Props) {
    const isAlive = useSyncExternalStore(subscribeToNothing, yes, no);
    return (
      <div inert={!isAlive} className="contents">
        <Part {...props} />
      </div>
    );
  };
}

const subscribeToNothing = () => () => undefined;
const yes = () => true;
const no = () => false;
