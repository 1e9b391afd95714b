'use client';

import { clsx } from 'clsx';
import dynamic from 'next/dynamic';
import { useEffect, useRef, useState } from 'react';
import { keysOf } from '@/components/shell/shortcuts';
import { useStayOffline } from '@/components/shell/use-stay-offline';
import type { LiveStatus } from '@/components/trpc/live-stream';
import { useLivePause, useLiveStatus } from '@/components/trpc/use-live';
import { useZone } from '@/components/ui/clock';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { formatSecond } from '@/components/ui/zoned-time';

const loadAbout = () => import('@/components/shell/live-about').then((module) => module.LiveAbout);
const loadPopup = () => import('@/components/ui/popup').then((module) => module.Popup);
const LiveAbout = dynamic(loadAbout, { ssr: false });
const Popup = dynamic(loadPopup, { ssr: false });

/**
 * How far what is shown can be trusted to be now; a click pauses the live view of this tab, or goes on with it. A change
 * of kind is read out, the lag is not.
 */
export function LiveChip() {
  const status = useLiveStatus();
  const { isPaused, toggle } = useLivePause();
  const { zone } = useZone();
  const [isOpen, setOpen] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  useStayOffline(status.kind === 'offline', () => setOpen(true));
  useEffect(() => {
    // What says that the server is silent cannot be asked of it then.
    void Promise.all([loadAbout(), loadPopup()]).catch(() => undefined);
  }, []);
  const { shape, mark } = looks[status.kind];
  const words = inWords(status, zone);
  return (
    <span
      className={clsx(
        'flex h-6 flex-none items-center rounded-full border text-12 whitespace-nowrap phone:h-9',
        status.kind === 'offline' ? 'border-mark-bad text-bad' : 'border-line-strong text-ink-2',
        isPaused ? 'bg-warn-soft' : 'bg-panel',
      )}
    >
      <span role="status" className="sr-only">
        {words}
      </span>
      <button
        type="button"
        role="switch"
        aria-checked={!isPaused}
        onClick={toggle}
        aria-label={`Live view: ${words}`}
        title={`${isPaused ? 'Resume' : 'Pause'} the live view of this tab (${keysOf('toggle-live')})`}
        className="inline-flex h-full items-center gap-1.5 rounded-l-full pl-2 hover:text-ink"
      >
        <Glyph shape={shape} className={mark} />
        {status.kind === 'live' ? (
          <span>
            Live<span className="phone:hidden"> · {(status.lagMs / 1000).toFixed(1)} s</span>
          </span>
        ) : status.kind === 'offline' ? (
          <span>
            Offline since {formatSecond(status.since, zone)}
            <span className="phone:hidden"> – showing old data</span>
          </span>
        ) : (
          words
        )}
      </button>
      <button
        ref={more}
        type="button"
        aria-label="About the live view"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="grid h-full w-6 place-items-center rounded-r-full text-ink-3 hover:text-ink phone:w-7"
      >
        <Glyph shape="chevron-down" className="size-2.5!" />
      </button>
      {isOpen && (
        <Popup
          anchor={more}
          onClose={() => setOpen(false)}
          role="dialog"
          label="About the live view"
          className="w-84 max-w-[calc(100vw-16px)] p-4 whitespace-normal"
        >
          <LiveAbout status={status} isPaused={isPaused} onToggle={toggle} />
        </Popup>
      )}
    </span>
  );
}

const looks = {
  live: { shape: 'disc', mark: 'text-mark-started' },
  'catching-up': { shape: 'ring-dashed', mark: 'text-mark-starting' },
  polling: { shape: 'ring-dashed', mark: 'text-mark-draining' },
  offline: { shape: 'cross', mark: 'text-mark-bad' },
  paused: { shape: 'pause', mark: 'text-mark-draining' },
} satisfies Record<LiveStatus['kind'], { shape: GlyphShape; mark: string }>;

function inWords(status: LiveStatus, zone: string): string {
  switch (status.kind) {
    case 'live':
      return 'Live';
    case 'catching-up':
      return 'Catching up';
    case 'polling':
      return 'Every 5 s';
    case 'offline':
      return `Offline since ${formatSecond(status.since, zone)} – showing old data`;
    case 'paused':
      return 'Paused by you';
  }
}
