'use client';

import { type ComponentType, memo, type ReactNode, useReducer, useState } from 'react';
import { Alive, useDrawnByServer } from '@/components/ui/alive';
import { InPlace } from '@/components/ui/in-place';

/**
 * A part of a page whose code comes after the page. What the server drew of it stays as it is until the part is alive,
 * whatever changes meanwhile: React would take it away at the first change and draw it again when its code is there.
 * Where the server did not draw it, `placeholder` stands for it until then.
 */
export function laterPart<Props extends object>(
  Part: ComponentType<Props>,
  placeholder: ReactNode = null,
): ComponentType<Props> {
  return laterRows(function Inner(props: Props) {
    return (
      <Alive>
        <Part {...props} />
      </Alive>
    );
  }, placeholder);
}

/** As `laterPart`, for a part that has no room for an element around it. It makes itself inert until it is alive. */
export function laterRows<Props extends object>(
  Part: ComponentType<Props>,
  placeholder: ReactNode = null,
): ComponentType<Props> {
  const Drawn = memo(function Drawn({ props, onAlive }: { props: Props; onAlive: () => void }) {
    return (
      <InPlace fallback={placeholder} onAlive={onAlive}>
        <Part {...props} />
      </InPlace>
    );
  });
  return function LaterPart(props: Props) {
    const [first] = useState(props);
    const [isAlive, tell] = useReducer(() => true, !useDrawnByServer());
    return <Drawn props={isAlive ? props : first} onAlive={tell} />;
  };
}
