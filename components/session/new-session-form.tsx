'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { focusFirstInvalid } from '@/components/cluster/focus-first-invalid';
import { ComponentList } from '@/components/session/component-list';
import { CopyText } from '@/components/session/copy-text';
import { loadExample } from '@/components/session/load-example';
import { SessionAvailability } from '@/components/session/session-availability';
import {
  draftOf,
  emptySpec,
  readDraft,
  type SpecDraft,
  type SpecErrors,
  wantsOfDraft,
} from '@/components/session/spec-draft';
import { ScenarioFields, SessionFields } from '@/components/session/spec-fields';
import { SpecYaml } from '@/components/session/spec-yaml';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, fieldErrors } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import type { PoolRow } from '@/server/contract/pool';
import type { ReadSpecView } from '@/server/contract/session';
import type { SessionSpec } from '@/server/domain/session/session';

interface NewSessionProps {
  /** What the form begins with; null = an empty one. */
  initial: SessionSpec | null;
  /** Whether the bundled example is what is wanted. */
  isExample: boolean;
  pools: readonly PoolRow[];
  /** The viewer may submit. */
  canSubmit: boolean;
}

/** One spec, edited as a form or as YAML. The reader of YAML is heavy, so it comes with the first YAML. */
type Editor =
  | { readonly as: 'form'; readonly draft: SpecDraft }
  | {
      readonly as: 'yaml';
      readonly text: string;
      readonly read: (text: string) => ReadSpecView;
    };

/** What is to run, where, and before anything is submitted when that could begin. */
export function NewSessionForm({ initial, isExample, pools, canSubmit }: NewSessionProps) {
  const router = useRouter();
  const trpc = useTRPC();
  const example = () => draftOf(loadExample(ableToRun(pools)));
  const [editor, setEditor] = useState<Editor>(() => ({
    as: 'form',
    draft: initial !== null ? draftOf(initial) : isExample ? example() : emptySpec,
  }));
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const [blocked, setBlocked] = useState<string | null>(null);
  const submit = useMutation(
    trpc.session.submit.mutationOptions({ onSuccess: (id) => router.push(`/sessions/${id}`) }),
  );

  const state = stateOf(editor);
  const refused = withoutPrefix(fieldErrors(submit.error));
  const errors = { ...refused, ...(wasSubmitted ? state.errors : {}) };
  const edit = (next: Editor) => {
    submit.reset();
    setBlocked(null);
    setEditor(next);
  };
  const change = (changed: Partial<SpecDraft>) => {
    if (editor.as === 'form') edit({ as: 'form', draft: { ...editor.draft, ...changed } });
  };
  const show = async (as: Editor['as']) => {
    if (as === editor.as) return;
    if (editor.as === 'form') {
      if (state.rough === null) {
        setWasSubmitted(true);
        setBlocked('Correct the marked fields first: they cannot be written as YAML.');
        return;
      }
      const yaml = await import('@/server/contract/session-yaml.ts');
      edit({ as: 'yaml', text: yaml.writeSpec(state.rough), read: yaml.readSpec });
      return;
    }
    if (state.spec === null) setBlocked('Correct the YAML first: the form shows only what can be read.');
    else edit({ as: 'form', draft: draftOf(state.spec) });
  };
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWasSubmitted(true);
    if (state.spec === null) focusFirstInvalid(event.currentTarget);
    else if (canSubmit && !submit.isPending) submit.mutate({ spec: state.spec });
  };

  return (
    <form
      onSubmit={send}
      noValidate
      aria-label="New session"
      className="grid grid-cols-[minmax(0,1fr)_348px] items-start gap-4 narrow:grid-cols-[minmax(0,1fr)]"
    >
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
        <div className="flex flex-wrap items-center gap-3">
          <Segmented
            label="Edit as"
            options={[
              { value: 'form', label: 'Form' },
              { value: 'yaml', label: 'YAML' },
            ]}
            value={editor.as}
            onChange={(as) => void show(as)}
          />
          <Button
            size="small"
            variant="quiet"
            onClick={() => {
              setWasSubmitted(false);
              edit({ as: 'form', draft: example() });
            }}
          >
            Fill in the HTTP load example
          </Button>
          <span role="status" className="text-12 text-bad">
            {blocked}
          </span>
          <CopySpec spec={state.spec} />
        </div>
        {editor.as === 'form' ? (
          <>
            <SessionFields draft={editor.draft} errors={errors} onChange={change} />
            <ComponentList
              components={editor.draft.components}
              errors={errors}
              pools={pools}
              onChange={(components) => change({ components })}
            />
            <ScenarioFields draft={editor.draft} errors={errors} onChange={change} />
          </>
        ) : (
          <SpecYaml text={editor.text} problems={state.problems} onChange={(text) => edit({ ...editor, text })} />
        )}
      </div>
      <div className="sticky top-[calc(var(--topbar)+20px)] grid min-w-0 gap-4 narrow:static narrow:order-first">
        <Panel title="When">
          <SessionAvailability wants={state.wants} priority={state.spec?.priority ?? 0} />
        </Panel>
      </div>
      <div className="sticky bottom-0 z-10 col-span-full grid gap-3 bg-canvas phone:bottom-13">
        {submit.error !== null && Object.keys(refused).length === 0 && (
          <Banner tone="bad" announce>
            {errorMessage(submit.error)}
          </Banner>
        )}
        <div className="flex flex-wrap items-center gap-3 border-t border-line py-3">
          <p role="status" className="min-w-0 flex-1 text-pretty text-ink-2 phone:basis-full">
            {wasSubmitted && state.spec === null
              ? `Correct ${editor.as === 'form' ? 'the marked fields' : 'the lines named below the text'}. ${firstOf(errors)}`
              : 'All machines come at once or none; what is not free now is waited for in the queue.'}
          </p>
          <ButtonLink href="/sessions">Cancel</ButtonLink>
          <Button
            type="submit"
            variant="primary"
            disabled={submit.isPending}
            disabledReason={canSubmit ? null : 'needs the role operator'}
          >
            {submit.isPending ? 'Submitting' : 'Submit session'}
          </Button>
        </div>
      </div>
    </form>
  );
}

interface EditorState {
  readonly spec: SessionSpec | null;
  /** What is typed, even where it is not right yet; null where it cannot be read. */
  readonly rough: SessionSpec | null;
  readonly errors: SpecErrors;
  readonly problems: ReadSpecView['problems'];
  readonly wants: { pool: string; count: number }[];
}

function stateOf(editor: Editor): EditorState {
  if (editor.as === 'form') {
    return { ...readDraft(editor.draft), problems: [], wants: wantsOfDraft(editor.draft.components) };
  }
  const { spec, problems } = editor.read(editor.text);
  const wants = spec === null ? [] : wantsOfDraft(draftOf(spec).components);
  return { spec, rough: spec, errors: {}, problems, wants };
}

/** The pools that can run sessions, with what is free of each. */
function ableToRun(pools: readonly PoolRow[]): { name: string; free: number }[] {
  return pools.flatMap(({ name, runsSessions, parts }) => (runsSessions ? [{ name, free: parts.available }] : []));
}

/** What the server says of `spec.components.0.pool` is said beside the same field. */
function withoutPrefix(errors: SpecErrors): SpecErrors {
  return Object.fromEntries(Object.entries(errors).map(([path, message]) => [path.replace(/^spec\./, ''), message]));
}

/** A field may be folded away: one of those that are wrong is named at the foot. */
function firstOf(errors: SpecErrors): string {
  const [first] = Object.entries(errors);
  return first === undefined ? '' : `${first[0]}: ${first[1]}.`;
}

function CopySpec({ spec }: { spec: SessionSpec | null }) {
  if (spec === null) return null;
  return (
    <span className="ml-auto">
      <CopyText label="Copy as YAML" read={() => yamlOf(spec)} />
    </span>
  );
}

/** The writer of YAML is fetched when it is asked for. */
async function yamlOf(spec: SessionSpec): Promise<string> {
  return (await import('@/server/contract/session-yaml.ts')).writeSpec(spec);
}
