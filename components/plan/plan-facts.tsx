'use client';

import { useClock, useZone } from '@/components/ui/clock';
import { KeyValue } from '@/components/ui/key-values';
import { formatMinute } from '@/components/ui/zoned-time';
import type { PlanBody } from '@/server/domain/approval/plan';
import { roughly } from '@/server/domain/cycle/duration-words';

interface PlanFactsProps {
  body: PlanBody;
  /** Whether it can still be started, so that it is worth saying when it would end. */
  mayStart: boolean;
}

/** The numbers that decide, as key and value: to stand in KeyValues. */
export function PlanFacts({ body, mayStart }: PlanFactsProps) {
  const { basis, forecast, floor, explanation, settings = [] } = body;
  const { p50, p90 } = forecast.durationMs;
  return (
    <>
      <KeyValue term="Terminates">{instances(basis.touched.length)}</KeyValue>
      <KeyValue term="Lowest">
        <b className="font-medium">{forecast.lowest.inService}</b> in service, floor {floor}
      </KeyValue>
      {settings.length > 0 && (
        <KeyValue term="Also sets">
          {settings.join(', ')} <span className="text-ink-3">until it ends</span>
        </KeyValue>
      )}
      {explanation.tasks.length === 0 ? null : forecast.outcome === 'completes' ? (
        <>
          <KeyValue term="Takes">
            {roughly(p50)} p50, {roughly(p90)} p90
          </KeyValue>
          {mayStart && (
            <KeyValue term="Would end">
              <End p50={p50} p90={p90} />
            </KeyValue>
          )}
        </>
      ) : (
        <KeyValue term="Ends">not by itself: {forecast.because}</KeyValue>
      )}
    </>
  );
}

/** When it would end if it were started now. */
function End({ p50, p90 }: { p50: number; p90: number }) {
  const { zone } = useZone();
  return useClock((now) => {
    const [early, late] = [formatMinute(now + p50, zone), formatMinute(now + p90, zone)];
    return early === late ? early : `${early} to ${late}`;
  });
}

function instances(count: number) {
  return (
    <>
      <b className="font-medium">{count}</b> {count === 1 ? 'instance' : 'instances'}
    </>
  );
}
