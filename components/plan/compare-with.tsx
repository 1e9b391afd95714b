'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { PlanStateBadge } from '@/components/plan/plan-state-badge';
import { PLANS_IN_MENU, plansToCompare } from '@/components/plan/plans-to-compare';
import { useTRPC } from '@/components/trpc/client';
import { Button } from '@/components/ui/button';
import { Menu, MenuLink, MenuSeparator } from '@/components/ui/menu';
import { AbsoluteTime } from '@/components/ui/relative-time';
import type { PlanView } from '@/server/contract/plan';

interface CompareWithProps {
  plan: Pick<PlanView, 'id' | 'clusterId'>;
  /** What it is compared with already. */
  except?: string;
}

/** Leads to the comparison with another plan of the same cluster, or with what would be planned now. */
export function CompareWith({ plan, except }: CompareWithProps) {
  const { data } = useSuspenseQuery(useTRPC().plan.list.queryOptions(plansToCompare(plan.clusterId)));
  const others = data.rows.filter((row) => row.id !== plan.id && row.id !== except).slice(0, PLANS_IN_MENU);
  return (
    <Menu trigger={<Button>Compare with…</Button>}>
      {except !== 'now' && <MenuLink href={`/plans/${plan.id}/compare/now`}>What would be planned now</MenuLink>}
      {except !== 'now' && others.length > 0 && <MenuSeparator />}
      {others.map((other) => (
        <MenuLink key={other.id} href={`/plans/${plan.id}/compare/${other.id}`}>
          <AbsoluteTime at={other.createdAt} />
          <span className="text-ink-2">{other.authorName}</span>
          <span className="ml-auto pl-3 text-12">
            <PlanStateBadge state={other.state} />
          </span>
        </MenuLink>
      ))}
      {except === 'now' && others.length === 0 && (
        <p className="px-3 py-1 text-12 text-ink-3">This cluster has no other plan.</p>
      )}
    </Menu>
  );
}
