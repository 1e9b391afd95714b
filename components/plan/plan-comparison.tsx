'use client';

import dynamic from 'next/dynamic';
import { type ReactNode, useMemo, useState } from 'react';
import { comparisonRows } from '@/components/plan/comparison-rows';
import { DecisionBadge } from '@/components/plan/decision-badge';
import { changeCount, PlanChanges } from '@/components/plan/plan-changes';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextButton } from '@/components/ui/text-link';
import { type CheckChange, comparePlans, type DecisionChange } from '@/server/domain/approval/compare-plans';
import type { PlanBody } from '@/server/domain/approval/plan';
import type { InstanceDecision } from '@/server/domain/cycle/explain';

const ComparedForecast = laterPart(
  dynamic(() => import('@/components/plan/compared-forecast').then((module) => module.ComparedForecast)),
);

export interface ComparedPlan {
  /** At the head of its column: "Plan of 14:02:11", "Now". */
  readonly name: string;
  readonly head: ReactNode;
  readonly body: PlanBody;
  readonly fileName: string;
  /** Whether it begins now. */
  readonly live: boolean;
}

interface PlanComparisonProps {
  before: ComparedPlan;
  after: ComparedPlan;
}

/** What is different between two plans of one cluster: in a sentence, in values, in pictures and for each instance. */
export function PlanComparison({ before, after }: PlanComparisonProps) {
  const comparison = useMemo(() => comparePlans(before.body, after.body), [before.body, after.body]);
  const { changes, decisions, checks } = comparison;
  // In one scale, so that what takes longer looks longer.
  const spanMs = Math.max(lengthOf(before.body), lengthOf(after.body));
  return (
    <>
      <Banner tone={changes.verdict === 'material' ? 'warn' : 'info'}>
        {changes.verdict === 'fresh' ? (
          <>
            <b className="font-medium">No difference.</b> Both decide the same on the same facts.
          </>
        ) : (
          <>
            <b className="font-medium">{changeCount(changes)}.</b>{' '}
            {changes.verdict === 'material'
              ? 'An approval of one does not hold for the other.'
              : 'Both decide the same: what is different concerns nothing that is approved.'}
            <PlanChanges changes={changes.changes} />
          </>
        )}
      </Banner>
      <Values before={before} after={after} rows={comparisonRows(before.body, after.body, comparison)} />
      {checks.length > 0 && <CheckTable before={before} after={after} checks={checks} />}
      <div className="grid grid-cols-2 gap-4 narrow:grid-cols-[minmax(0,1fr)]">
        <ComparedForecast plan={before} spanMs={spanMs} />
        <ComparedForecast plan={after} spanMs={spanMs} />
      </div>
      <DecisionTable before={before} after={after} decisions={decisions} />
    </>
  );
}

function lengthOf({ forecast, computedAt }: PlanBody): number {
  return (forecast.points.at(-1)?.at ?? computedAt) - computedAt;
}

interface ValuesProps extends PlanComparisonProps {
  rows: ReturnType<typeof comparisonRows>;
}

function Values({ before, after, rows }: ValuesProps) {
  const [all, setAll] = useState(false);
  const differing = rows.filter((row) => row.differs);
  const shown = all ? rows : differing;
  return (
    <Panel
      title="Values"
      note={`${differing.length} of ${rows.length} differ`}
      flush
      aside={
        <TextButton aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Only what differs' : `Show all ${rows.length}`}
        </TextButton>
      }
    >
      {shown.length === 0 ? (
        <p className="px-4 py-3 text-ink-2">All values are the same.</p>
      ) : (
        <Table caption="Values of both plans">
          <TableHead>
            <Column className="w-1/4">Value</Column>
            <Column className="w-3/8">{before.head}</Column>
            <Column>{after.head}</Column>
          </TableHead>
          <TableBody>
            {shown.map((row) => (
              <Row key={row.label}>
                <RowHeader>{row.label}</RowHeader>
                <Cell label={before.name} wide>
                  {row.differs ? <Was>{row.before}</Was> : row.before}
                </Cell>
                <Cell label={after.name} wide>
                  {row.differs ? <Becomes>{row.after}</Becomes> : <span className="text-ink-3">the same</span>}
                </Cell>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
    </Panel>
  );
}

function Was({ children }: { children: ReactNode }) {
  return <del className="text-ink-2">{children}</del>;
}

function Becomes({ children }: { children: ReactNode }) {
  return <ins className="font-medium no-underline">{children}</ins>;
}

function CheckTable({ before, after, checks }: PlanComparisonProps & { checks: readonly CheckChange[] }) {
  return (
    <Panel title="Checks" note={`${checks.length} differ`} flush>
      <Table caption="Checks that differ">
        <TableHead>
          <Column className="w-1/4">Check</Column>
          <Column className="w-3/8">{before.head}</Column>
          <Column>{after.head}</Column>
        </TableHead>
        <TableBody>
          {checks.map((check) => (
            <Row key={check.id}>
              <RowHeader>{check.level}</RowHeader>
              <Cell label={before.name} wide className="text-pretty">
                {check.before === null ? <Passed /> : <Was>{check.before}</Was>}
              </Cell>
              <Cell label={after.name} wide className="text-pretty">
                {check.after === null ? <Passed /> : <Becomes>{check.after}</Becomes>}
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}

function Passed() {
  return <span className="text-ink-3">passed</span>;
}

const SHOWN = 20;

function DecisionTable({ before, after, decisions }: PlanComparisonProps & { decisions: readonly DecisionChange[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? decisions : decisions.slice(0, SHOWN);
  const count = decisions.length;
  return (
    <Panel title="Instances with another decision" note={count} flush>
      {count === 0 ? (
        <p className="px-4 py-3 text-ink-2">Both decide the same about every instance.</p>
      ) : (
        <Table caption="Instances with another decision" rowCount={count + 1}>
          <TableHead>
            <Column className="w-1/4">Instance</Column>
            <Column className="w-3/8">{before.head}</Column>
            <Column>{after.head}</Column>
          </TableHead>
          <TableBody>
            {shown.map((change) => (
              <Row key={change.instanceId}>
                <RowHeader className="font-mono text-12 tracking-tight">{change.instanceId}</RowHeader>
                <Cell label={before.name} wide>
                  <Decision decision={change.before} />
                </Cell>
                <Cell label={after.name} wide>
                  <Decision decision={change.after} />
                </Cell>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
      {count > shown.length && (
        <div className="border-t border-line p-3">
          <Button size="small" onClick={() => setAll(true)}>
            Show the other {count - shown.length}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Decision({ decision }: { decision: InstanceDecision | null }) {
  if (decision === null) return <span className="text-ink-3">not in the cluster</span>;
  return (
    <span className="grid gap-0.5">
      <DecisionBadge kind={decision.kind} />
      <span className="text-12 text-pretty text-ink-2">{decision.reason}</span>
    </span>
  );
}
