'use client';

import { type PointerEvent, type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react';
import { type Place, placeAt, type SwimlaneView, swimlaneScale } from '@/components/chart/swimlane-view';
import { clampRange, type TimeRange, zoomRange } from '@/components/chart/time-range';
import type { useHeldWindow } from '@/components/chart/use-held-window';

/** Less is a click. */
const DRAG_PX = 5;

interface Drag {
  readonly kind: 'pan' | 'zoom';
  readonly x: number;
  readonly y: number;
  readonly shown: TimeRange;
  readonly scrollTop: number;
  readonly isMouse: boolean;
  isFar: boolean;
}

/**
 * Drags over the lanes pan, over the axes zoom; a click is told with its place. A wheel sideways pans, with Ctrl or
 * Command it zooms about its place; else it scrolls as on every page.
 */
export function useSwimlanePointer(
  view: SwimlaneView,
  scroller: RefObject<HTMLElement | null>,
  held: ReturnType<typeof useHeldWindow>,
  onClick: (place: Place) => void,
) {
  const drag = useRef<Drag | null>(null);
  const [dragged, setDragged] = useState<TimeRange | null>(null);
  const { timeline, shown } = view;
  const perPx = (shown.to - shown.from) / (swimlaneScale(view).right - swimlaneScale(view).left);
  const pannedBy = (from: TimeRange, ms: number) => clampRange({ from: from.from + ms, to: from.to + ms }, timeline);

  const wheel = useEffectEvent((event: WheelEvent) => {
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const { x } = placeOf(event, scroller.current);
      const factor = Math.exp(Math.min(Math.max(event.deltaY, -100), 100) * 0.004);
      held.holdAWhile(zoomRange(swimlaneScale(view).timeAt(x), factor, shown, timeline));
    } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      event.preventDefault();
      held.holdAWhile(pannedBy(shown, sideways * perPx));
    }
  });
  useEffect(() => {
    const box = scroller.current;
    // React's own listeners may not keep the browser from scrolling or from zooming the page.
    box?.addEventListener('wheel', wheel, { passive: false });
    return () => box?.removeEventListener('wheel', wheel);
  }, [scroller]);

  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      const { x, y } = placeOf(event, event.currentTarget);
      const box = event.currentTarget;
      // On its scroll bar.
      if (x >= box.clientWidth) return;
      box.setPointerCapture(event.pointerId);
      drag.current = {
        kind: placeAt(view, x, y).kind === 'axis' ? 'zoom' : 'pan',
        ...{ x, y, shown, scrollTop: box.scrollTop, isMouse: event.pointerType === 'mouse', isFar: false },
      };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const box = event.currentTarget;
      const { x, y } = placeOf(event, box);
      const { current } = drag;
      if (current === null) {
        box.style.cursor = cursorOver(placeAt(view, x, y));
        return;
      }
      current.isFar ||= Math.hypot(x - current.x, y - current.y) >= DRAG_PX;
      if (!current.isFar) return;
      if (current.kind === 'zoom') {
        const { timeAt } = swimlaneScale(view);
        setDragged({ from: timeAt(Math.min(x, current.x)), to: timeAt(Math.max(x, current.x)) });
      } else {
        held.hold(pannedBy(current.shown, (current.x - x) * perPx));
        // A finger scrolls by itself.
        if (current.isMouse) box.scrollTop = current.scrollTop + current.y - y;
      }
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const { current } = drag;
      if (current === null) return;
      drag.current = null;
      const { x, y } = placeOf(event, event.currentTarget);
      if (!current.isFar) onClick(placeAt(view, x, y));
      else if (dragged !== null) held.hold(clampRange(dragged, timeline));
      held.settle();
      setDragged(null);
    },
    onPointerCancel: () => {
      drag.current = null;
      setDragged(null);
      held.settle();
    },
  };
  return { dragged, handlers };
}

function cursorOver(place: Place): string {
  if (place.kind === 'axis') return 'col-resize';
  return place.kind === 'row' && place.isLabel ? 'pointer' : 'default';
}

function placeOf(event: { clientX: number; clientY: number }, box: Element | null): { x: number; y: number } {
  const { left = 0, top = 0 } = box?.getBoundingClientRect() ?? {};
  return { x: event.clientX - left, y: event.clientY - top };
}
