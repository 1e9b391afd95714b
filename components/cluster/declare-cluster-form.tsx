'use client';

import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { type ClusterDraft, type FieldErrors, policyDraftOf, readDraft } from '@/components/cluster/cluster-draft';
import { LabelsField, PolicyFields, SizeFields } from '@/components/cluster/cluster-fields';
import { clusterHref } from '@/components/cluster/cluster-href';
import { focusFirstInvalid } from '@/components/cluster/focus-first-invalid';
import { formatSeconds } from '@/components/plan/duration-text';
import { SpecField } from '@/components/spec/spec-field';
import { specTemplate } from '@/components/spec/spec-template';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, failureOf, fieldErrors } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import type { EnvironmentView } from '@/server/contract/cluster.ts';
import { DEFAULT_DRAIN_TIMEOUT_MS, defaultPolicy } from '@/server/domain/cycle/policy.ts';

/** Declares a cluster, in the environment that is named unless another is chosen. Nothing starts by it: its first cycle brings the machines up. */
export function DeclareClusterForm({ environment }: { environment: string | undefined }) {
  const { data: environments } = useSuspenseQuery(useTRPC().environment.list.queryOptions());
  const first = environments.find(({ name }) => name === environment) ?? environments[0];
  if (first === undefined) {
    return <EmptyState title="No environments">A cluster belongs to an environment, and there is none yet.</EmptyState>;
  }
  return <DeclareForm environments={environments} first={first} />;
}

const sizes = { minSize: 2, targetSize: 3, maxSize: 4 };

function DeclareForm({ environments, first }: { environments: readonly EnvironmentView[]; first: EnvironmentView }) {
  const router = useRouter();
  const [draft, setDraft] = useState<ClusterDraft>({
    environmentId: first.id,
    name: '',
    labels: '',
    spec: specTemplate(first.kind),
    minSize: String(sizes.minSize),
    targetSize: String(sizes.targetSize),
    maxSize: String(sizes.maxSize),
    drainTimeoutMs: formatSeconds(DEFAULT_DRAIN_TIMEOUT_MS / 1_000),
    hasPolicy: false,
    policy: policyDraftOf(defaultPolicy(sizes, sizes.targetSize)),
  });
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const environment = environments.find((one) => one.id === draft.environmentId) ?? first;
  const declare = useMutation(
    useTRPC().cluster.declare.mutationOptions({
      onSuccess: (_id, declared) => router.push(clusterHref(environment.name, declared.name)),
    }),
  );

  const result = readDraft(draft, environment.kind);
  const refused = refusedFields(declare.error);
  const errors = { ...refused, ...(wasSubmitted && 'errors' in result ? result.errors : {}) };
  const change = (changed: Partial<ClusterDraft>) => {
    declare.reset();
    setDraft({ ...draft, ...changed });
  };
  const chooseEnvironment = (environmentId: string) => {
    const chosen = environments.find((one) => one.id === environmentId) ?? first;
    // Another back end reads another spec; one that was written for it stays.
    const spec = chosen.kind === environment.kind ? draft.spec : specTemplate(chosen.kind);
    change({ environmentId, spec });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWasSubmitted(true);
    if ('errors' in result) focusFirstInvalid(event.currentTarget);
    else if (!declare.isPending) declare.mutate(result.value);
  };
  const fields = { draft, errors, onChange: change };

  return (
    <form onSubmit={submit} noValidate aria-label="Declare a cluster" className="grid gap-4">
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4 narrow:grid-cols-1">
        <div className="grid min-w-0 gap-4">
          <Panel title="Cluster">
            <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
              <Field label="Environment" hint={environment.kind} invalid={errors.environmentId}>
                <Select
                  options={environments.map(({ id, name }) => ({ value: id, label: name }))}
                  value={draft.environmentId}
                  onChange={chooseEnvironment}
                />
              </Field>
              <Field label="Name" hint="lower-case letters, digits and hyphens" invalid={errors.name}>
                <Input
                  value={draft.name}
                  onChange={(event) => change({ name: event.target.value })}
                  autoComplete="off"
                  spellCheck={false}
                />
              </Field>
            </div>
          </Panel>
          <SpecField
            key={environment.kind}
            kind={environment.kind}
            value={draft.spec}
            errors={errors}
            onChange={(spec) => change({ spec })}
          />
        </div>
        <div className="grid min-w-0 gap-4">
          <SizeFields {...fields} />
          <PolicyFields kind={environment.kind} {...fields} />
          <LabelsField {...fields} />
        </div>
      </div>
      {declare.error !== null && Object.keys(refused).length === 0 && (
        <Banner tone="bad" announce>
          {errorMessage(declare.error)}
        </Banner>
      )}
      <div className="sticky bottom-0 z-10 -mx-1 flex flex-wrap items-center gap-3 border-t border-line bg-canvas px-1 py-3 phone:bottom-13">
        <p role="status" className="min-w-0 flex-1 text-pretty text-ink-2 phone:basis-full">
          {wasSubmitted && 'errors' in result
            ? 'Correct the marked fields.'
            : 'Nothing starts by this: a plan that is approved starts its machines.'}
        </p>
        <ButtonLink href="/clusters">Cancel</ButtonLink>
        <Button type="submit" variant="primary" disabled={declare.isPending}>
          {declare.isPending ? 'Declaring' : 'Declare cluster'}
        </Button>
      </div>
    </form>
  );
}

/** A name that is taken is wrong beside the name. */
function refusedFields(error: unknown): FieldErrors {
  const domain = failureOf(error)?.domain;
  return domain?.code === 'CONFLICT' ? { name: 'this environment has a cluster of that name' } : fieldErrors(error);
}
