'use client';

import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { Checks } from '@/components/plan/checks';
import { Emphasis } from '@/components/plan/emphasis';
import { knobParsers } from '@/components/plan/knob-address';
import { readKnobs, storedKnobs, withKnobs } from '@/components/plan/knobs';
import { PlanSkeleton } from '@/components/plan/plan-skeleton';
import { usePreview } from '@/components/plan/use-preview';
import { useTicks } from '@/components/plan/use-ticks';
import { errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { laterPart } from '@/components/ui/later-part';
import { PageHead } from '@/components/ui/page-head';
import type { EnvironmentKind } from '@/server/contract/cluster';
import type { PreviewView } from '@/server/contract/plan';
import type { Knobs } from '@/server/domain/approval/plan';

const RequestApproval = laterPart(
  dynamic(() => import('@/components/plan/request-approval').then((module) => module.RequestApproval)),
);

const PlanParts = laterPart(dynamic(() => import('@/components/plan/plan-parts').then((module) => module.PlanParts)));
const KnobForm = laterPart(dynamic(() => import('@/components/plan/knob-form').then((module) => module.KnobForm)));

interface PreviewProps {
  clusterId: string;
  environment: string;
  cluster: string;
  kind: EnvironmentKind;
  /** Whether the viewer may ask for an approval. */
  mayRequest: boolean;
}

/** What a cycle of the cluster would do, with any knobs. It changes nothing. */
export function Preview({ clusterId, environment, cluster, kind, mayRequest }: PreviewProps) {
  const [raw, setRaw] = useQueryStates(knobParsers, { history: 'replace' });
  const { view, isSettling, error, retry } = usePreview(clusterId, raw);
  const head = (
    <PageHead
      crumbs={[
        { label: 'Clusters', href: '/clusters' },
        { label: `${environment}/${cluster}`, href: `/clusters/${environment}/${cluster}` },
      ]}
      title="Preview"
      lead={view === null ? 'Reading the cluster and planning.' : <Emphasis sentence={view.sentence} />}
    />
  );
  const failure = error !== null && (
    <Banner
      tone="bad"
      announce
      actions={
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      }
    >
      {errorMessage(error)} {view !== null && 'What is shown is from before.'}
    </Banner>
  );
  if (view === null) {
    return (
      <>
        {head}
        {failure || <PlanSkeleton />}
      </>
    );
  }
  return (
    <>
      {head}
      <div className="grid gap-4">
        {failure}
        {view.factsNote !== null && <Banner tone="warn">{view.factsNote}</Banner>}
        <PreviewPanels
          view={view}
          isSettling={isSettling}
          mayRequest={mayRequest}
          form={
            <KnobForm
              kind={kind}
              view={view}
              raw={raw}
              errors={readKnobs(raw).errors}
              isSettling={isSettling}
              onChange={(key, value) => void setRaw({ [key]: value })}
              onReset={() => void setRaw(storedKnobs)}
            />
          }
          onFix={(knobs) => void setRaw((before) => withKnobs(before, knobs))}
        />
      </div>
    </>
  );
}

interface PreviewPanelsProps {
  view: PreviewView;
  isSettling: boolean;
  mayRequest: boolean;
  form: React.ReactNode;
  onFix: (knobs: Knobs) => void;
}

function PreviewPanels({ view, isSettling, mayRequest, form, onFix }: PreviewPanelsProps) {
  const { isTicked, tick } = useTicks();
  const warnings = view.checks.filter((check) => check.level === 'warning');
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_312px] items-start gap-4 narrow:grid-cols-1">
      <div className="grid min-w-0 gap-4 narrow:row-start-2">
        <Checks
          body={view}
          isTicked={isTicked}
          onTick={tick}
          onFix={onFix}
          activeCycleId={view.activeCycle?.id ?? null}
        />
        {form}
        <PlanParts body={view} live fileName={`${view.environment.name}-${view.cluster.name}`} />
      </div>
      <RequestApproval
        view={view}
        ticked={warnings.filter(isTicked).map((check) => check.id)}
        unticked={warnings.filter((check) => !isTicked(check)).length}
        isSettling={isSettling}
        mayRequest={mayRequest}
      />
    </div>
  );
}
