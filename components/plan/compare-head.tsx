'use client';

import type { ReactNode } from 'react';
import { CompareWith } from '@/components/plan/compare-with';
import { PageHead } from '@/components/ui/page-head';
import type { PlanView } from '@/server/contract/plan';

interface CompareHeadProps {
  plan: PlanView;
  lead: ReactNode;
  /** What it is compared with already. */
  other: string;
  actions?: ReactNode;
}

/** The head of a page that compares a plan with something else. */
export function CompareHead({ plan, lead, other, actions }: CompareHeadProps) {
  const { environment, cluster } = plan.body;
  const name = `${environment.name}/${cluster.name}`;
  return (
    <PageHead
      crumbs={[
        { label: 'Clusters', href: '/clusters' },
        { label: name, href: `/clusters/${name}` },
        { label: 'Plan', href: `/plans/${plan.id}` },
      ]}
      title="Compare plans"
      lead={lead}
      actions={
        <>
          {actions}
          <CompareWith plan={plan} except={other} />
        </>
      }
    />
  );
}
