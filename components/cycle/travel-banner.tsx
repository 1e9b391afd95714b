'use client';

import type { TimeTravel } from '@/components/cycle/use-time-travel';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { AbsoluteTime, RelativeTime } from '@/components/ui/relative-time';

/** Says that the page does not show the present, and leads back to it. */
export function TravelBanner({ travel: { at, moveTo } }: { travel: TimeTravel }) {
  if (at === null) return null;
  return (
    <Banner
      tone="info"
      actions={
        <Button size="small" onClick={() => moveTo(null)}>
          Back to now
        </Button>
      }
    >
      You see{' '}
      <b className="font-medium">
        <AbsoluteTime at={at} />
      </b>
      , <RelativeTime at={at} />: what was known then, and nothing that came later. <kbd>[</kbd> <kbd>]</kbd> go from
      event to event, <kbd>Esc</kbd> goes back to now.
    </Banner>
  );
}
