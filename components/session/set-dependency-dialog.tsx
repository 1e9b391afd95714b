'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { errorMessage, fieldErrors } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';

interface SetDependencyDialogProps {
  kind: 'secret' | 'config';
  /** Of the one that is set again; empty = a new one. */
  name: string;
  /** Of a config; a secret's value is never sent here. */
  value: string;
  onSet: (name: string, value: string) => Promise<unknown>;
  onClose: () => void;
}

/** Sets a secret or a config, or sets it again. */
export function SetDependencyDialog({ kind, name, value, onSet, onClose }: SetDependencyDialogProps) {
  const [draft, setDraft] = useState({ name, value });
  const set = useMutation({ mutationFn: () => onSet(draft.name, draft.value), onSuccess: onClose });
  const refused = fieldErrors(set.error);
  const wrong = refused.value ?? refused.data;
  const change = (changed: Partial<typeof draft>) => {
    set.reset();
    setDraft({ ...draft, ...changed });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!set.isPending) set.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={name === '' ? `Set a ${kind}` : `Set ${name} again`}
    >
      <form onSubmit={submit} noValidate className="grid gap-3">
        {name === '' && (
          <Field
            label="Name"
            hint="lower-case letters, digits, dots and hyphens; also the name of its file"
            invalid={refused.name}
          >
            <Input
              value={draft.name}
              onChange={(event) => change({ name: event.target.value })}
              maxLength={63}
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
        )}
        <Field
          label={kind === 'secret' ? 'Value' : 'Text'}
          hint={
            kind === 'secret' ? 'It is encrypted, and never shown again.' : 'Everybody who is signed in can read it.'
          }
          invalid={wrong}
        >
          <Textarea
            rows={kind === 'secret' ? 3 : 10}
            value={draft.value}
            onChange={(event) => change({ value: event.target.value })}
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-12!"
          />
        </Field>
        {set.error !== null && Object.keys(refused).length === 0 && (
          <Banner tone="bad" announce>
            {errorMessage(set.error)}
          </Banner>
        )}
        <div className="-mx-4 -mb-4 flex justify-end gap-2 border-t border-line px-4 py-3">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={set.isPending}>
            {set.isPending ? 'Setting' : `Set ${kind}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
