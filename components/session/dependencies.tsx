'use client';

import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { SetDependencyDialog } from '@/components/session/set-dependency-dialog';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';

interface DependencyRow {
  readonly name: string;
  readonly ownerName: string;
  readonly updatedAt: number;
  /** What it says; null of a secret, whose value is never shown. */
  readonly data: string | null;
}

/** Secrets: who set which, and never what. */
export function Secrets({ canSet }: { canSet: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data } = useSuspenseQuery(trpc.secret.list.queryOptions());
  const read = { onSuccess: () => queryClient.invalidateQueries(trpc.secret.pathFilter()) };
  const set = useMutation(trpc.secret.set.mutationOptions(read));
  const remove = useMutation(trpc.secret.remove.mutationOptions(read));
  return (
    <Dependencies
      kind="secret"
      rows={data.map((row) => ({ ...row, data: null }))}
      canSet={canSet}
      set={(name, value) => set.mutateAsync({ name, value })}
      remove={(name) => remove.mutateAsync({ name })}
    />
  );
}

/** Configs: texts that everybody may read. */
export function Configs({ canSet }: { canSet: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data } = useSuspenseQuery(trpc.config.list.queryOptions());
  const read = { onSuccess: () => queryClient.invalidateQueries(trpc.config.pathFilter()) };
  const set = useMutation(trpc.config.set.mutationOptions(read));
  const remove = useMutation(trpc.config.remove.mutationOptions(read));
  return (
    <Dependencies
      kind="config"
      rows={data}
      canSet={canSet}
      set={(name, value) => set.mutateAsync({ name, data: value })}
      remove={(name) => remove.mutateAsync({ name })}
    />
  );
}

interface DependenciesProps {
  kind: 'secret' | 'config';
  rows: readonly DependencyRow[];
  canSet: boolean;
  set: (name: string, value: string) => Promise<unknown>;
  remove: (name: string) => Promise<unknown>;
}

const texts = {
  secret: {
    title: 'Secrets',
    empty: 'No secret is set',
    about:
      'A component that names one gets it as a file that only it can read; settings of environments name one as secret:NAME. Values are never shown, and are taken out of logs.',
  },
  config: {
    title: 'Configs',
    empty: 'No config is set',
    about: 'A component that names one gets it as a file. Everybody who is signed in can read it.',
  },
} as const;

function Dependencies({ kind, rows, canSet, set, remove }: DependenciesProps) {
  // The name of what is set again; empty = a new one; null = nothing is set now.
  const [edited, setEdited] = useState<string | null>(null);
  const [removed, setRemoved] = useState<string | null>(null);
  const { title, empty, about } = texts[kind];
  const why = canSet ? null : 'needs the role operator';
  return (
    <Panel
      title={title}
      note={rows.length}
      flush
      aside={
        <Button size="small" disabledReason={why} onClick={() => setEdited('')}>
          Set a {kind}…
        </Button>
      }
      footer={about}
    >
      {rows.length === 0 ? (
        <EmptyState title={empty}>Set one here, then name it in a component of a new session.</EmptyState>
      ) : (
        <Table caption={title}>
          <TableHead>
            <Column>Name</Column>
            <Column className="w-2/5">{kind === 'secret' ? 'Value' : 'Text'}</Column>
            <Column>Set by</Column>
            <Column>Changed</Column>
            <Column>
              <span className="sr-only">Actions</span>
            </Column>
          </TableHead>
          <TableBody>
            {rows.map(({ name, ownerName, updatedAt, data }) => (
              <Row key={name}>
                <RowHeader className="font-mono text-12">{name}</RowHeader>
                <Cell wide className="max-w-0 text-ink-2">
                  {data === null ? 'never shown' : <span className="block truncate font-mono text-12">{data}</span>}
                </Cell>
                <Cell label="By" className="text-ink-2">
                  {ownerName}
                </Cell>
                <Cell label="Since" className="text-ink-2">
                  <RelativeTime at={updatedAt} />
                </Cell>
                <Cell wide className="text-right">
                  {canSet && (
                    <span className="inline-flex gap-2">
                      <Button size="small" onClick={() => setEdited(name)}>
                        {kind === 'secret' ? 'Set again…' : 'Edit…'}
                      </Button>
                      <Button size="small" variant="danger" onClick={() => setRemoved(name)}>
                        Remove…
                      </Button>
                    </span>
                  )}
                </Cell>
              </Row>
            ))}
          </TableBody>
        </Table>
      )}
      {edited !== null && (
        <SetDependencyDialog
          kind={kind}
          name={edited}
          value={rows.find(({ name }) => name === edited)?.data ?? ''}
          onSet={set}
          onClose={() => setEdited(null)}
        />
      )}
      {removed !== null && (
        <RemoveDialog kind={kind} name={removed} onRemove={remove} onClose={() => setRemoved(null)} />
      )}
    </Panel>
  );
}

interface RemoveDialogProps {
  kind: 'secret' | 'config';
  name: string;
  onRemove: (name: string) => Promise<unknown>;
  onClose: () => void;
}

function RemoveDialog({ kind, name, onRemove, onClose }: RemoveDialogProps) {
  const remove = useMutation({ mutationFn: () => onRemove(name), onSuccess: onClose });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${name}`}
      confirmLabel={`Remove 1 ${kind}`}
      destructive
      pending={remove.isPending}
      error={remove.error === null ? null : errorMessage(remove.error)}
      onConfirm={() => remove.mutate()}
    >
      Sessions that name <b>{name}</b> can no longer start a component with it. It cannot be taken back.
    </ConfirmDialog>
  );
}
