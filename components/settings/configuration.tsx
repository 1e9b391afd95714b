'use client';

import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { downloadText } from '@/components/chart/download';
import { plural } from '@/components/cluster/cluster-sentence';
import { CopyText } from '@/components/session/copy-text';
import { SpecYaml } from '@/components/session/spec-yaml';
import { ConfigurationChanges } from '@/components/settings/configuration-changes';
import { ConfigurationResults } from '@/components/settings/configuration-results';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, fieldErrors } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import type { InstallationPreview, InstallationResult } from '@/server/contract/installation.ts';

/** What is shown beside the text that it was made of. */
type Shown =
  | {
      readonly as: 'preview';
      readonly text: string;
      readonly preview: InstallationPreview;
      readonly isRenewed: boolean;
    }
  | { readonly as: 'results'; readonly text: string; readonly results: readonly InstallationResult[] };

/** A file of environments and clusters: what it would change, applying just that, and the file of what is stored. */
export function Configuration() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const configured = useSuspenseQuery(trpc.installation.configured.queryOptions());
  const file = configured.data;
  const [text, setText] = useState(file?.text ?? '');
  const [shown, setShown] = useState<Shown | null>(null);
  const [isConfirming, setConfirming] = useState(false);
  const [readFailure, setReadFailure] = useState<string | null>(null);

  const preview = useMutation(
    trpc.installation.previewFile.mutationOptions({
      onSuccess: (preview, { text }) => setShown({ as: 'preview', text, preview, isRenewed: false }),
    }),
  );
  const apply = useMutation(
    trpc.installation.applyFile.mutationOptions({
      onSuccess: async (outcome, { text }) => {
        setConfirming(false);
        if (outcome.kind === 'changed-since') {
          setShown({ as: 'preview', text, preview: outcome.preview, isRenewed: true });
          return;
        }
        setShown({ as: 'results', text, results: outcome.results });
        await queryClient.invalidateQueries();
      },
    }),
  );
  const current = shown?.text === text ? shown : null;
  const edit = (next: string) => {
    setReadFailure(null);
    preview.reset();
    setText(next);
  };
  const readAgain = async () => {
    const { data } = await configured.refetch();
    if (data?.text === undefined || data.text === null) setReadFailure(data?.failure ?? 'There is no configured file.');
    else edit(data.text);
  };
  const exported = () => queryClient.fetchQuery({ ...trpc.installation.export.queryOptions(), staleTime: 0 });
  const fillIn = () =>
    exported().then(
      (stored) => edit(stored.text),
      (error: unknown) => setReadFailure(errorMessage(error)),
    );

  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Upload onText={edit} onFailure={setReadFailure} />
        {file !== null && <Button onClick={() => void readAgain()}>Read {nameOf(file.path)} again</Button>}
        <Button onClick={() => void fillIn()}>Fill in the current state</Button>
        <span className="ml-auto flex flex-wrap items-center gap-4 phone:ml-0">
          <TextButton
            onClick={() =>
              void exported().then(
                (stored) => downloadText('roundhouse.yaml', 'application/yaml', stored.text),
                (error: unknown) => setReadFailure(errorMessage(error)),
              )
            }
          >
            Download the current state
          </TextButton>
          <CopyText label="Copy the current state" read={async () => (await exported()).text} />
        </span>
      </div>
      {file !== null && file.failure !== null && (
        <Banner tone="warn">
          Web cannot read {file.path}: {file.failure}. The worker reads it by itself at its start.
        </Banner>
      )}
      {readFailure !== null && (
        <Banner tone="bad" announce>
          {readFailure}
        </Banner>
      )}
      <div className="mt-3 grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4 narrow:grid-cols-[minmax(0,1fr)]">
        <SpecYaml
          title="File"
          label="Configuration as YAML"
          text={text}
          problems={current?.as === 'preview' ? current.preview.problems : []}
          onChange={edit}
          aside={
            <Button
              size="small"
              variant="primary"
              disabled={preview.isPending}
              disabledReason={text.trim() === '' ? 'Nothing is written yet.' : null}
              onClick={() => preview.mutate({ text })}
            >
              {preview.isPending ? 'Comparing' : 'Show what it changes'}
            </Button>
          }
        />
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          {preview.error !== null && (
            <Banner tone="bad" announce>
              {fieldErrors(preview.error).text ?? errorMessage(preview.error)}
            </Banner>
          )}
          {current === null && <NothingShown wasShown={shown !== null} />}
          {current?.as === 'results' && <ConfigurationResults results={current.results} />}
          {current?.as === 'preview' && (
            <ConfigurationChanges
              preview={current.preview}
              isRenewed={current.isRenewed}
              onApply={() => {
                apply.reset();
                setConfirming(true);
              }}
            />
          )}
        </div>
      </div>
      {current?.as === 'preview' && (
        <ApplyDialog
          preview={current.preview}
          open={isConfirming}
          onOpenChange={setConfirming}
          pending={apply.isPending}
          error={apply.error === null ? null : errorMessage(apply.error)}
          onConfirm={() => apply.mutate({ text, fingerprint: current.preview.fingerprint })}
        />
      )}
    </>
  );
}

function NothingShown({ wasShown }: { wasShown: boolean }) {
  return (
    <Panel title="What it changes" flush>
      <EmptyState title={wasShown ? 'The text is another one now' : 'Nothing is compared yet'}>
        Show what the file changes before anything is applied. What is not in the file is left as it is.
      </EmptyState>
    </Panel>
  );
}

interface UploadProps {
  onText: (text: string) => void;
  onFailure: (failure: string) => void;
}

function Upload({ onText, onFailure }: UploadProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,.json"
        aria-label="Configuration file"
        className="hidden"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          file?.text().then(onText, () => onFailure('The file could not be read.'));
          // The same file may be chosen again after it was edited.
          target.value = '';
        }}
      />
      <Button onClick={() => input.current?.click()}>Upload a file…</Button>
    </>
  );
}

interface ApplyDialogProps {
  preview: InstallationPreview;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  pending: boolean;
  error: string | null;
  onConfirm: () => void;
}

function ApplyDialog({ preview: { changes }, ...dialog }: ApplyDialogProps) {
  const held = changes.filter((change) => change.held !== null).length;
  const removed = changes.filter((change) => change.kind === 'remove-cluster' && change.held === null).length;
  const label = `Apply ${plural(changes.length - held, 'change')}`;
  return (
    <ConfirmDialog {...dialog} title={label} confirmLabel={label} destructive={removed > 0}>
      <b>{plural(changes.length - held, 'change')}</b> to what is declared {changes.length - held === 1 ? 'is' : 'are'}{' '}
      made in the order shown, each with its line in the activity.
      {removed > 0 && ` ${plural(removed, 'cluster')} will be removed.`}
      {held > 0 && ` ${plural(held, 'change')} cannot be made now and will not be.`} No instance is replaced until a
      plan is approved.
    </ConfirmDialog>
  );
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
