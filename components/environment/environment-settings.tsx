'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { draftOf, type EnvironmentDraft, readDraft } from '@/components/environment/environment-draft';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { Checkbox } from '@/components/ui/checkbox';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { NumberInput } from '@/components/ui/number-input';
import type { EnvironmentView } from '@/server/contract/cluster';

interface EnvironmentSettingsProps {
  environment: EnvironmentView;
  onClose: () => void;
}

/** The rules of one environment. Only what differs is sent, so that two who change them do not undo each other. */
export function EnvironmentSettings({ environment, onClose }: EnvironmentSettingsProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(environment));
  const update = useMutation(
    trpc.environment.update.mutationOptions({
      async onSuccess() {
        await queryClient.invalidateQueries(trpc.environment.list.queryFilter());
        onClose();
      },
    }),
  );
  const { changes, errors } = readDraft(draft, environment);
  const change = (changed: Partial<EnvironmentDraft>) => {
    update.reset();
    setDraft({ ...draft, ...changed });
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Rules of ${environment.name}`}
      confirmLabel="Save rules"
      disabledReason={
        changes === null
          ? 'Correct the marked fields.'
          : Object.keys(changes).length === 0
            ? 'Nothing is changed yet.'
            : null
      }
      pending={update.isPending}
      error={update.isError ? errorMessage(update.error) : null}
      onConfirm={() => changes !== null && update.mutate({ environmentId: environment.id, ...changes })}
    >
      <div className="grid gap-3 text-ink">
        <Field
          label="Active cycles at once"
          hint="Empty: any number. Approved cycles wait for a place, the oldest approval first; what is active goes on."
          invalid={errors.maxActiveCycles}
        >
          <NumberInput
            value={draft.maxActiveCycles}
            min={1}
            max={1000}
            onChange={(maxActiveCycles) => change({ maxActiveCycles })}
          />
        </Field>
        <Field label="Approvals that a plan needs" hint="Each by another person." invalid={errors.approvalsNeeded}>
          <NumberInput
            value={draft.approvalsNeeded}
            min={1}
            max={10}
            onChange={(approvalsNeeded) => change({ approvalsNeeded })}
          />
        </Field>
        <Checkbox checked={draft.selfApproval} onChange={(event) => change({ selfApproval: event.target.checked })}>
          <span>
            The author of a plan may approve it
            <span className="block text-12 text-ink-3">Then nobody else has to look at it before it starts.</span>
          </span>
        </Checkbox>
      </div>
    </ConfirmDialog>
  );
}
