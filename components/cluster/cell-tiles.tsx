'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { usePixelRatio, useTheme } from '@/components/chart/swimlane-canvas';
import { canvasLooks, readColours } from '@/components/chart/swimlane-looks';
import type { CellLayout } from '@/components/cluster/cell-layout';
import { drawCells } from '@/components/cluster/draw-cells';

/** A picture of many cells is drawn by pieces of this height, each once, so that scrolling draws nearly nothing. */
const TILE_PX = 512;

interface CellTilesProps {
  layout: CellLayout;
  names: ReadonlyMap<string, string>;
  /** What the picture stands in. */
  box: RefObject<HTMLElement | null>;
}

/** The pieces of the picture that are near the window. */
export function CellTiles({ layout, names, box }: CellTilesProps) {
  const [margin, setMargin] = useState(0);
  useEffect(() => {
    const measure = () => {
      if (box.current !== null) setMargin(Math.round(box.current.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [box]);
  const virtualizer = useWindowVirtualizer({
    count: Math.ceil(layout.height / TILE_PX),
    estimateSize: () => TILE_PX,
    overscan: 1,
    scrollMargin: margin,
    initialRect: { width: 1_440, height: 900 },
  });
  return virtualizer
    .getVirtualItems()
    .map(({ index }) => <CellTile key={index} layout={layout} names={names} top={index * TILE_PX} />);
}

function CellTile({ layout, names, top }: { layout: CellLayout; names: CellTilesProps['names']; top: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const ratio = usePixelRatio();
  // The line of the last cells is half a pixel wide.
  const height = Math.min(TILE_PX, layout.height + 1 - top);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (canvas.current === null || context === null) return;
    canvas.current.width = Math.round(layout.width * ratio);
    canvas.current.height = Math.round(height * ratio);
    const looks = canvasLooks(context, readColours(canvas.current), ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, -top * ratio);
    drawCells(context, layout, names, looks, { top, bottom: top + height });
  }, [layout, names, top, height, theme, ratio]);
  return <canvas ref={canvas} className="absolute left-0 block" style={{ top, width: layout.width, height }} />;
}
