'use client';

import { canShare } from '@/components/trpc/can-share';
import type { LiveStatus } from '@/components/trpc/live-stream';
import { Button } from '@/components/ui/button';

interface LiveAboutProps {
  status: LiveStatus;
  isPaused: boolean;
  onToggle: () => void;
}

/** What the live view does now, and by which way it comes. Drawn only in the browser. */
export function LiveAbout({ status, isPaused, onToggle }: LiveAboutProps) {
  return (
    <div className="grid gap-3">
      <p className="text-pretty">{meaning[status.kind]}</p>
      <ul className="grid list-disc gap-1 pl-4 text-12 text-pretty text-ink-2">
        <li>{sharing()}</li>
        <li>{protocol()}</li>
        <li>The stream closes 30 s after all tabs are hidden, and catches up when one is shown.</li>
      </ul>
      <div>
        <Button size="small" onClick={onToggle}>
          {isPaused ? 'Resume' : 'Pause this tab'}
        </Button>
      </div>
    </div>
  );
}

const meaning = {
  live: 'Changes are shown as they come. The seconds say how old the last one was when it came.',
  'catching-up': 'The stream is being opened; what has happened meanwhile comes first.',
  polling: 'The stream does not come through, so what is shown is read again every 5 seconds.',
  offline:
    'The server does not answer. What is shown is as it was then; it is tried again by itself. Links stay on this page until it answers.',
  paused:
    'This tab stays as it is until you resume; then everything that has happened is caught up with. Other tabs go on.',
} satisfies Record<LiveStatus['kind'], string>;

function sharing(): string {
  if (canShare()) return 'All tabs of this browser share one stream.';
  return window.isSecureContext
    ? 'This browser cannot share a stream, so each tab has one of its own.'
    : 'This page is not in a secure context (HTTPS), so each tab has a stream of its own.';
}

function protocol(): string {
  const [navigation] = performance.getEntriesByType('navigation');
  const name = navigation instanceof PerformanceNavigationTiming ? navigation.nextHopProtocol : '';
  if (name === 'h2' || name === 'h3') return `The connection is HTTP/${name.slice(1)}.`;
  return 'The connection is HTTP/1.1: a browser has six at a time for one address, and each stream takes one. HTTP/2 is better.';
}
