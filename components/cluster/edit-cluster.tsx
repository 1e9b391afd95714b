'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type ClusterDraft, changesOf, draftOf, outdatedWith, readDraft } from '@/components/cluster/cluster-draft';
import { LabelsField, PolicyFields, SizeFields } from '@/components/cluster/cluster-fields';
import { plural } from '@/components/cluster/cluster-sentence';
import { focusFirstInvalid } from '@/components/cluster/focus-first-invalid';
import { RemoveCluster } from '@/components/cluster/remove-cluster';
import { SpecChanges } from '@/components/spec/spec-changes';
import { SpecField } from '@/components/spec/spec-field';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, fieldErrors } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import type { ClusterView } from '@/server/contract/cluster.ts';
import { canonical } from '@/server/domain/instance/canonical.ts';
import { specDifference } from '@/server/domain/instance/spec-difference.ts';

interface EditClusterProps {
  cluster: ClusterView;
  onDone: () => void;
}

/** Changes what is declared. Only what differs is sent, so that two who edit do not undo each other. */
export function EditCluster({ cluster, onDone }: EditClusterProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [base] = useState(cluster);
  const [draft, setDraft] = useState<ClusterDraft>(() => draftOf(cluster));
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const edit = useMutation(
    trpc.cluster.edit.mutationOptions({
      onSuccess: async () => {
        const names = { environment: cluster.environment.name, cluster: cluster.name };
        await queryClient.invalidateQueries(trpc.cluster.byName.queryFilter(names));
        onDone();
      },
    }),
  );

  const result = readDraft(draft, cluster.environment.kind);
  const changes = 'value' in result ? changesOf(base, result.value) : null;
  const refused = fieldErrors(edit.error);
  const errors = { ...refused, ...(wasSubmitted && 'errors' in result ? result.errors : {}) };
  const isUnchanged = changes !== null && Object.keys(changes).length === 0;
  const change = (changed: Partial<ClusterDraft>) => {
    edit.reset();
    setDraft({ ...draft, ...changed });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWasSubmitted(true);
    if (changes === null) focusFirstInvalid(event.currentTarget);
    else if (!isUnchanged && !edit.isPending) edit.mutate({ clusterId: cluster.id, ...changes });
  };
  const fields = { draft, errors, onChange: change };

  return (
    <form onSubmit={submit} noValidate aria-label={`Edit ${cluster.name}`} className="grid gap-4">
      {declarationOf(cluster) !== declarationOf(base) && (
        <Banner tone="warn" announce>
          Somebody has changed what is declared since you began. Saving overwrites only what you change here.
        </Banner>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4 narrow:grid-cols-1">
        <div className="grid min-w-0 gap-4">
          <SpecField
            kind={cluster.environment.kind}
            value={draft.spec}
            errors={errors}
            onChange={(spec) => change({ spec })}
          />
          {changes?.spec !== undefined && (
            <Panel title="What changes" note={`v${cluster.version} → new`} flush>
              <SpecChanges
                caption="Differences of the spec"
                before="Declared"
                after="New"
                changes={specDifference(base.spec, changes.spec)}
              />
            </Panel>
          )}
        </div>
        <div className="grid min-w-0 gap-4">
          <SizeFields {...fields} />
          <PolicyFields kind={cluster.environment.kind} {...fields} />
          <LabelsField {...fields} />
        </div>
      </div>
      {edit.error !== null && Object.keys(refused).length === 0 && (
        <Banner tone="bad" announce>
          {errorMessage(edit.error)}
        </Banner>
      )}
      <div className="sticky bottom-0 z-10 -mx-1 flex flex-wrap items-center gap-3 border-t border-line bg-canvas px-1 py-3 phone:bottom-13">
        <p role="status" className="min-w-0 flex-1 text-pretty text-ink-2 phone:basis-full">
          <Consequence cluster={cluster} changes={changes} />
        </p>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={isUnchanged || edit.isPending}>
          {edit.isPending ? 'Saving' : 'Save changes'}
        </Button>
      </div>
      <RemoveCluster cluster={cluster} />
    </form>
  );
}

/** What saving does, and what it does not. */
function Consequence({ cluster, changes }: { cluster: ClusterView; changes: ReturnType<typeof changesOf> | null }) {
  if (changes === null) return 'Correct the marked fields to save.';
  if (Object.keys(changes).length === 0) return 'Nothing is changed yet.';
  const outdated = changes.spec === undefined ? null : outdatedWith(cluster, changes.spec);
  return (
    <>
      {outdated !== null && <b className="font-medium text-ink">{plural(outdated, 'instance')} will be outdated. </b>}
      Nothing is replaced until a plan is approved.
      {cluster.activeCycle !== null && ' The cycle that is active pauses when its configuration or sizes change.'}
    </>
  );
}

function declarationOf({
  spec,
  labels,
  minSize,
  targetSize,
  maxSize,
  storedPolicy,
  drainTimeoutMs,
}: ClusterView): string {
  return canonical({ spec, labels, minSize, targetSize, maxSize, storedPolicy, drainTimeoutMs });
}
