'use client';

import { useState } from 'react';
import { pointAt, sizeOf } from '@/components/chart/capacity-series';
import type { NamedWaves } from '@/components/plan/waves';
import { formatTimer } from '@/components/ui/duration';
import { Panel } from '@/components/ui/panel';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextButton } from '@/components/ui/text-link';
import type { PlanBody } from '@/server/domain/approval/plan';
import type { Task } from '@/server/domain/cycle/task';

const SHOWN = 6;

/** The forecast as a table: what is ordered when, and what is in service after it. */
export function ForecastSteps({ body, waves }: { body: PlanBody; waves: NamedWaves }) {
  const [all, setAll] = useState(false);
  const { steps, points } = body.forecast;
  const shown = all ? steps : steps.slice(0, SHOWN);
  const labels = new Map(waves.marks.map((mark) => [mark.at, mark.label]));
  return (
    <Panel
      title="Steps"
      note={steps.length === 1 ? '1 step' : `${steps.length} steps`}
      flush
      aside={
        steps.length > SHOWN && (
          <TextButton aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? `Only the first ${SHOWN}` : `Show all ${steps.length}`}
          </TextButton>
        )
      }
    >
      <Table caption="Steps of the forecast">
        <TableHead>
          <Column>After</Column>
          <Column>Wave</Column>
          <Column numeric>Start</Column>
          <Column numeric>Drain</Column>
          <Column numeric>Terminate</Column>
          <Column numeric>In service</Column>
          <Column numeric>Size</Column>
        </TableHead>
        <TableBody>
          {shown.map((step, index) => {
            const point = pointAt(points, step.at);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place in the forecast
              <Row key={index}>
                <RowHeader>{formatTimer(step.at - body.computedAt)}</RowHeader>
                <Cell label="wave">{labels.get(step.at)}</Cell>
                <Cell label="start" numeric>
                  {ordered(step.tasks, 'start')}
                </Cell>
                <Cell label="drain" numeric>
                  {ordered(step.tasks, 'drain')}
                </Cell>
                <Cell label="end" numeric>
                  {ordered(step.tasks, 'terminate')}
                </Cell>
                <Cell label="serving" numeric>
                  {point?.inService}
                </Cell>
                <Cell label="size" numeric>
                  {point && sizeOf(point)}
                </Cell>
              </Row>
            );
          })}
        </TableBody>
      </Table>
    </Panel>
  );
}

/** How many instances a step orders this for; nothing where it is none. */
function ordered(tasks: readonly Task[], kind: 'start' | 'drain' | 'terminate'): number | null {
  let count = 0;
  for (const task of tasks) {
    if (task.kind !== kind) continue;
    count += task.kind === 'start' ? task.count : task.instanceIds.length;
  }
  return count === 0 ? null : count;
}
