'use client';

import { chipClass } from '@/components/ui/chip';
import { useClock, useZone } from '@/components/ui/clock';
import { formatSecond, localZone, zoneLabel } from '@/components/ui/zoned-time';

/** The server's time. A click tells all times in UTC or in the zone of this browser. */
export function ZoneToggle() {
  const { zone, chooseZone } = useZone();
  const time = useClock((now) => formatSecond(now, zone));
  const toggle = () => chooseZone(zone === 'UTC' ? localZone() : 'UTC');
  return (
    <button
      type="button"
      onClick={toggle}
      className={chipClass(false)}
      title={zone === 'UTC' ? 'Tell times in local time' : `${zone}. Tell times in UTC`}
    >
      {zoneLabel(zone)} <b className="font-medium text-ink">{time}</b>
    </button>
  );
}
