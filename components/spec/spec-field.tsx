'use client';

import { useState } from 'react';
import type { FieldErrors } from '@/components/cluster/cluster-draft';
import { LocalSpecFields } from '@/components/spec/local-spec-fields';
import { parseObject } from '@/components/spec/spec-text';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import type { EnvironmentKind } from '@/server/contract/cluster.ts';

interface SpecFieldProps {
  kind: EnvironmentKind;
  /** JSON */
  value: string;
  errors: FieldErrors;
  onChange: (value: string) => void;
}

/** What machines run: as JSON, and for machines of this host also field by field. */
export function SpecField({ kind, value, errors, onChange }: SpecFieldProps) {
  const [view, setView] = useState<'fields' | 'json'>('fields');
  const spec = kind === 'local' ? parseObject(value) : null;
  const hasFields = kind === 'local';
  return (
    <Panel
      title="What its machines run"
      aside={
        hasFields && (
          <Segmented
            label="How the spec is edited"
            options={[
              { value: 'fields', label: 'Fields' },
              { value: 'json', label: 'JSON' },
            ]}
            value={view}
            onChange={setView}
          />
        )
      }
    >
      {hasFields && view === 'fields' && spec !== null ? (
        <LocalSpecFields spec={spec} errors={errors} onChange={(next) => onChange(JSON.stringify(next, null, 2))} />
      ) : (
        <Field
          label="Spec, JSON"
          hint={
            hasFields && view === 'fields'
              ? 'Fields come back when this is an object again.'
              : 'Any change of it makes running instances outdated.'
          }
          invalid={allErrors(errors)}
        >
          <Textarea
            rows={12}
            className="font-mono text-12"
            spellCheck={false}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        </Field>
      )}
    </Panel>
  );
}

function allErrors(errors: FieldErrors): string {
  return Object.entries(errors)
    .filter(([field]) => field === 'spec' || field.startsWith('spec.'))
    .map(([field, message]) => (field === 'spec' ? message : `${field.slice('spec.'.length)}: ${message}`))
    .join('; ');
}
