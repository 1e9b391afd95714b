'use client';

import { useRef, useState } from 'react';
import { fieldText, settingsFields, withFieldText } from '@/components/environment/settings-fields';
import { parseObject } from '@/components/spec/spec-text';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import type { EnvironmentKind } from '@/server/contract/cluster.ts';

interface SettingsEditorProps {
  kind: EnvironmentKind;
  /** YAML; fields are there while it is JSON, which is YAML too. */
  text: string;
  problem: string | undefined;
  onChange: (text: string) => void;
}

/** How a back end is reached and behaves: field by field, or as a text that may come from a file. */
export function SettingsEditor({ kind, text, problem, onChange }: SettingsEditorProps) {
  const [view, setView] = useState<'fields' | 'yaml'>('fields');
  const file = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const settings = parseObject(text.trim() === '' ? '{}' : text);
  const fields = settingsFields[kind];
  if (kind === 'local') return <p className="text-ink-2">Of machines on a host nothing can be set.</p>;
  const shown = view === 'fields' && settings !== null ? 'fields' : 'yaml';
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="How the settings are edited"
          options={[
            { value: 'fields', label: 'Fields' },
            { value: 'yaml', label: 'YAML' },
          ]}
          value={shown}
          onChange={setView}
        />
        <input
          ref={file}
          type="file"
          accept=".yaml,.yml,.json"
          aria-label="File of settings"
          className="hidden"
          onChange={({ target }) => {
            const [chosen] = target.files ?? [];
            setFailure(null);
            chosen?.text().then(
              (read) => {
                setView('yaml');
                onChange(read);
              },
              () => setFailure('The file could not be read.'),
            );
            target.value = '';
          }}
        />
        <Button size="small" onClick={() => file.current?.click()}>
          Fill in from a file…
        </Button>
      </div>
      {shown === 'fields' && settings !== null ? (
        <>
          <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
            {fields.map((field) => (
              <Field key={field.label} label={field.label} hint={field.hint}>
                <Input
                  value={fieldText(settings, field)}
                  spellCheck={false}
                  autoComplete="off"
                  onChange={(event) =>
                    onChange(JSON.stringify(withFieldText(settings, field, event.target.value), null, 2))
                  }
                />
              </Field>
            ))}
          </div>
          {problem !== undefined && <p className="text-12 text-bad">{problem}</p>}
        </>
      ) : (
        <Field
          label="Settings, YAML"
          invalid={failure ?? problem}
          hint={
            settings === null
              ? 'Fields come back when this is JSON again.'
              : `What stands under ${kind} in a roundhouse.yaml; what is left out is as the defaults say.`
          }
        >
          <Textarea
            rows={10}
            className="font-mono text-12"
            spellCheck={false}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        </Field>
      )}
    </div>
  );
}
