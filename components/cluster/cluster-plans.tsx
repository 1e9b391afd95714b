import { PlanStateBadge } from '@/components/plan/plan-state-badge';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime, RelativeTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import type { PlanRow } from '@/server/contract/plan';

interface ClusterPlansProps {
  /** The newest first. */
  plans: readonly PlanRow[];
  total: number;
}

/** The plans of a cluster, each to be compared with the one before it. */
export function ClusterPlans({ plans, total }: ClusterPlansProps) {
  if (plans.length === 0) return null;
  return (
    <Panel title="Plans" note={plans.length < total ? `the newest ${plans.length} of ${total}` : total} flush>
      <Table caption="Plans of this cluster">
        <TableHead>
          <Column>Plan</Column>
          <Column className="w-2/5">What it does</Column>
          <Column>State</Column>
          <Column>By</Column>
          <Column>
            <span className="sr-only">Compare</span>
          </Column>
        </TableHead>
        <TableBody>
          {plans.map((plan, index) => {
            const earlier = plans[index + 1];
            return (
              <Row key={plan.id}>
                <RowHeader className="whitespace-nowrap">
                  <TextLink href={`/plans/${plan.id}`} aria-label={`Plan ${plan.id}`}>
                    <AbsoluteTime at={plan.createdAt} />
                  </TextLink>
                </RowHeader>
                <Cell wide className="text-12 text-pretty text-ink-2">
                  {plan.sentence}
                </Cell>
                <Cell wide className="whitespace-nowrap">
                  <PlanStateBadge state={plan.state} />
                  {plan.state === 'awaiting-approval' && (
                    <span className="text-12 text-ink-2">
                      , expires <RelativeTime at={plan.expiresAt} />
                    </span>
                  )}
                </Cell>
                <Cell label="by" className="text-ink-2">
                  {plan.authorName}
                </Cell>
                <Cell wide className="text-right whitespace-nowrap">
                  {earlier !== undefined && (
                    <TextLink
                      href={`/plans/${earlier.id}/compare/${plan.id}`}
                      aria-label={`Compare plan ${plan.id} with the one before`}
                    >
                      Compare with the one before
                    </TextLink>
                  )}
                </Cell>
              </Row>
            );
          })}
        </TableBody>
      </Table>
    </Panel>
  );
}
