'use client';

import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { type FleetTotals, marginWords, warningsOf } from '@/components/plan/fleet-summary';
import { useTRPC } from '@/components/trpc/client';
import { domainSentence, errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import { Panel } from '@/components/ui/panel';
import type { FleetPreviewEnvironment, FleetPreviewRow, PlanCreated, PlanFailure } from '@/server/contract/fleet-plan';
import { roughly } from '@/server/domain/cycle/duration-words';

const WAITING = '/cycles?state=waiting';

interface SaveFleetProps {
  rows: readonly FleetPreviewRow[];
  totals: FleetTotals;
  environments: readonly FleetPreviewEnvironment[];
  /** Those whose warnings were all ticked, and how many others could be planned. */
  read: readonly FleetPreviewRow[];
  unread: number;
  /** Of the preview, which is read again after plans were made. */
  queryKey: QueryKey;
  mayRequest: boolean;
}

/** Makes the plans of all clusters in one step, each for itself, and says of each what became of it. */
export function SaveFleet({ rows, totals, environments, read, unread, queryKey, mayRequest }: SaveFleetProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [comment, setComment] = useState('');
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, PlanCreated>>(new Map());
  const create = useMutation(
    trpc.plan.createMany.mutationOptions({
      async onSuccess(created) {
        setOutcomes((before) => new Map([...before, ...created.map((one) => [one.clusterId, one] as const)]));
        if (created.every((one) => one.planId !== null)) return router.push(WAITING);
        // What failed has mostly changed meanwhile: it is shown as it is now before it is tried again.
        await queryClient.invalidateQueries({ queryKey });
      },
    }),
  );
  const open = read.filter((row) => outcomes.get(row.clusterId)?.planId == null);
  const failed = [...outcomes.values()].filter((one) => one.planId === null);
  const saved = outcomes.size - failed.length;
  const why = whyNot({ mayRequest, isSaving: create.isPending, open: open.length, unread, saved });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (why !== null) return;
    const plans = open.map((row) => ({
      clusterId: row.clusterId,
      fingerprint: row.fingerprint,
      ticked: warningsOf(row).map((check) => check.id),
    }));
    create.mutate({ plans, comment });
  };
  return (
    <Panel title="Request approvals" className="sticky top-[calc(var(--topbar)+16px)] narrow:static">
      <form onSubmit={submit} className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <div className="[&>dl]:grid-cols-[88px_minmax(0,1fr)]">
          <Facts totals={totals} environments={environments} />
        </div>
        <Field label="Comment on each plan, optional">
          <Textarea rows={2} maxLength={2000} value={comment} onChange={(event) => setComment(event.target.value)} />
        </Field>
        {create.isError && (
          <Banner tone="bad" announce>
            {errorMessage(create.error)}
          </Banner>
        )}
        {failed.length > 0 && <Failures failed={failed} saved={saved} nameOf={(id) => nameOf(rows, id)} />}
        <div className="grid min-h-16 content-start gap-2">
          <Button type="submit" variant="primary" block disabledReason={why}>
            {failed.length > 0 ? `Try the other ${open.length} again` : saveLabel(open.length)}
          </Button>
          {saved > 0 && <ButtonLink href={WAITING}>Go to the {saved} that wait for approval</ButtonLink>}
          {why === null && saved === 0 && (
            <p className="text-12 text-pretty text-ink-3">
              Freezes each preview as a plan of its own, to be approved one by one.
              {unread > 0 && ` ${unread} more ${unread === 1 ? 'waits' : 'wait'} for their warnings to be ticked.`}
            </p>
          )}
        </div>
      </form>
    </Panel>
  );
}

function Facts({ totals, environments }: Pick<SaveFleetProps, 'totals' | 'environments'>) {
  const { clusters, terminations, waves, durationMs, nearest } = totals;
  const limited = environments.filter((one) => one.places !== null);
  return (
    <KeyValues>
      <KeyValue term="Clusters">
        <b className="font-medium">{clusters}</b>
      </KeyValue>
      <KeyValue term="Terminates">
        <b className="font-medium">{terminations}</b> {terminations === 1 ? 'instance' : 'instances'}, {waves}{' '}
        {waves === 1 ? 'wave' : 'waves'}
      </KeyValue>
      <KeyValue term="To its floor">
        {nearest === null ? '–' : `${nearest.clusterName}, ${marginWords(nearest)}`}
      </KeyValue>
      <KeyValue term="Takes">
        {roughly(durationMs.p50)} p50, {roughly(durationMs.p90)} p90
      </KeyValue>
      <KeyValue term="At once">
        {limited.length === 0 ? 'any number' : limited.map((one) => `${one.places} in ${one.name}`).join(', ')}
      </KeyValue>
    </KeyValues>
  );
}

interface FailuresProps {
  failed: readonly PlanCreated[];
  saved: number;
  nameOf: (clusterId: string) => string;
}

function Failures({ failed, saved, nameOf }: FailuresProps) {
  return (
    <Banner tone="bad" announce>
      <b className="font-medium">
        {saved} of {saved + failed.length} plans were saved.
      </b>
      <ul className="mt-1 grid gap-1 text-12">
        {failed.map((one) => (
          <li key={one.clusterId}>
            <span className="font-medium">{nameOf(one.clusterId)}</span>:{' '}
            {one.planId === null && failureSentence(one.failure)}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function failureSentence(failure: PlanFailure): string {
  return failure === null
    ? 'Something failed on the server, and nothing is known to have changed. Try again.'
    : domainSentence(failure.code, failure.details);
}

function nameOf(rows: readonly FleetPreviewRow[], clusterId: string): string {
  return rows.find((row) => row.clusterId === clusterId)?.clusterName ?? clusterId;
}

function saveLabel(count: number): string {
  if (count === 0) return 'Request approvals';
  return count === 1 ? 'Request 1 approval' : `Request ${count} approvals`;
}

function whyNot({
  mayRequest,
  isSaving,
  open,
  unread,
  saved,
}: {
  mayRequest: boolean;
  isSaving: boolean;
  open: number;
  unread: number;
  saved: number;
}): string | null {
  if (!mayRequest) return 'This needs the role operator. An administrator can give it to you.';
  if (isSaving) return 'Requested, waiting for the answer.';
  if (open > 0) return null;
  if (saved > 0) return 'What can be saved is saved.';
  return unread > 0
    ? `Not yet: the warnings of ${unread} are not ticked.`
    : 'None of these clusters can be cycled now.';
}
