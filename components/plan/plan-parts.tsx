'use client';

import { useMemo } from 'react';
import { ConfigurationChanges } from '@/components/plan/configuration-changes';
import { Decisions } from '@/components/plan/decisions';
import { ForecastPanels } from '@/components/plan/forecast-panels';
import { NextTasks } from '@/components/plan/next-tasks';
import { namedWaves } from '@/components/plan/waves';
import type { PlanBody } from '@/server/domain/approval/plan';

interface PlanPartsProps {
  body: PlanBody;
  /** Whether it is what would be planned now; else it was frozen. */
  live: boolean;
  /** Of what is downloaded, without what part it is. */
  fileName: string;
}

/** What a plan would do: first, over time, to the configuration, and to each instance. */
export function PlanParts({ body, live, fileName }: PlanPartsProps) {
  const waves = useMemo(() => namedWaves(body), [body]);
  return (
    <>
      <NextTasks body={body} title={live ? 'What would happen now' : 'What happens first'} />
      <ForecastPanels body={body} waves={waves} live={live} fileName={`${fileName}-forecast`} />
      <ConfigurationChanges body={body} />
      <Decisions body={body} waves={waves} fileName={`${fileName}-instances`} />
    </>
  );
}
