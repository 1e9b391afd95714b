'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConnectionFindings } from '@/components/environment/connection-findings';
import { SettingsEditor } from '@/components/environment/settings-editor';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, fieldErrors } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { EnvironmentKind, EnvironmentView } from '@/server/contract/cluster.ts';
import type { WorkerHost } from '@/server/contract/environment.ts';

/** An environment whose settings are changed, or what a new one begins with. */
export interface BackEndSubject {
  readonly environment: EnvironmentView | null;
  readonly name: string;
  readonly kind: EnvironmentKind;
  readonly settings: string;
  readonly hostId: string | null;
}

interface BackEndDialogProps {
  subject: BackEndSubject;
  hosts: readonly WorkerHost[];
  onClose: () => void;
}

const kindOptions = [
  { value: 'docker', label: 'docker: containers of an engine' },
  { value: 'infrakit', label: 'infrakit: a plugin' },
  { value: 'local', label: 'local: processes on a host' },
  { value: 'simulator', label: 'simulator: nothing real' },
] satisfies { value: EnvironmentKind; label: string }[];

/** Adds an environment, or changes how one is reached. Either can be tried before it is saved. */
export function BackEndDialog({ subject, hosts, onClose }: BackEndDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { environment } = subject;
  const [name, setName] = useState(subject.name);
  const [kind, setKind] = useState(subject.kind);
  const [text, setText] = useState(subject.settings);
  const [hostId, setHostId] = useState(subject.hostId ?? '');
  const test = useMutation(trpc.environment.test.mutationOptions());
  const saved = {
    async onSuccess() {
      await queryClient.invalidateQueries(trpc.environment.pathFilter());
      onClose();
    },
  };
  const add = useMutation(trpc.environment.add.mutationOptions(saved));
  const change = useMutation(trpc.environment.changeSettings.mutationOptions(saved));
  const save = environment === null ? add : change;
  const errors = { ...fieldErrors(test.error), ...fieldErrors(save.error) };
  const rest = Object.keys(errors).length === 0 ? (save.error ?? test.error) : null;
  const edited = () => {
    test.reset();
    add.reset();
    change.reset();
  };
  const host = hostId === '' ? null : hostId;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={environment === null ? 'Add an environment' : `Settings of ${environment.name}`}
      footer={
        <>
          <Button
            disabled={test.isPending}
            onClick={() => test.mutate({ kind, settings: text, hostId: host, environmentId: environment?.id ?? null })}
          >
            {test.isPending ? 'Testing' : 'Test connection'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={save.isPending}
            onClick={() =>
              environment === null
                ? add.mutate({ name, kind, settings: text, hostId: host })
                : change.mutate({ environmentId: environment.id, settings: text })
            }
          >
            {environment === null ? 'Add environment' : 'Save settings'}
          </Button>
        </>
      }
    >
      {environment === null && (
        <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
          <Field label="Name" hint="Lower-case letters, digits and hyphens." invalid={errors.name}>
            <Input
              value={name}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                edited();
                setName(event.target.value);
              }}
            />
          </Field>
          <Field label="Kind" hint="It cannot change later.">
            <Select
              options={kindOptions}
              value={kind}
              onChange={(next) => {
                edited();
                setText('{}');
                setKind(next);
              }}
            />
          </Field>
        </div>
      )}
      {environment === null && (hosts.length > 1 || errors.hostId !== undefined) && (
        <Field
          label="Host"
          hint="For what only one host reaches: machines on it, and what is at a path or at the loopback."
          invalid={errors.hostId}
        >
          <Select
            options={[
              { value: '', label: 'not chosen' },
              ...hosts.map((one) => ({ value: one.hostId, label: one.hostName })),
            ]}
            value={hostId}
            onChange={(next) => {
              edited();
              setHostId(next);
            }}
          />
        </Field>
      )}
      <SettingsEditor
        key={kind}
        kind={kind}
        text={text}
        problem={errors.settings}
        onChange={(next) => {
          edited();
          setText(next);
        }}
      />
      {test.data !== undefined && <ConnectionFindings findings={test.data.findings} />}
      {rest !== null && (
        <Banner tone="bad" announce>
          {errorMessage(rest)}
        </Banner>
      )}
    </Dialog>
  );
}
