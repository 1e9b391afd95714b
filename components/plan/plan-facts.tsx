'use client';

import { useZone } from '@/components/ui/clock';
import { KeyValue } from '@/components/ui/key-values';
import { formatMinute } from '@/components/ui/zoned-time';
import type { PlanBody } from '@/server/domain/approval/plan';
import { roughly } from '@/server/domain/cycle/duration-words';

/** The numbers that decide, as key and value: to stand in KeyValues. */
export function PlanFacts({ body }: { body: PlanBody }) {
  const { zone } = useZone();
  const { basis, forecast, floor, computedAt } = body;
  const { p50, p90 } = forecast.durationMs;
  const ends = [p50, p90].map((ms) => formatMinute(computedAt + ms, zone));
  return (
    <>
      <KeyValue term="Terminates">{instances(basis.touched.length)}</KeyValue>
      <KeyValue term="Lowest">
        <b className="font-medium">{forecast.lowest.inService}</b> in service, floor {floor}
      </KeyValue>
      {forecast.outcome === 'completes' ? (
        <>
          <KeyValue term="Takes">
            {roughly(p50)} p50, {roughly(p90)} p90
          </KeyValue>
          <KeyValue term="Would end">{ends[0] === ends[1] ? ends[0] : `${ends[0]} to ${ends[1]}`}</KeyValue>
        </>
      ) : (
        <KeyValue term="Ends">not by itself: {forecast.because}</KeyValue>
      )}
    </>
  );
}

function instances(count: number) {
  return (
    <>
      <b className="font-medium">{count}</b> {count === 1 ? 'instance' : 'instances'}
    </>
  );
}
