'use client';

import { useState } from 'react';
import type { FieldErrors } from '@/components/cluster/cluster-draft';
import { linesOf, member, numberOrText, variablesOf, withMember } from '@/components/spec/spec-text';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import type { Json } from '@/server/domain/instance/plugin.ts';

interface LocalSpecFieldsProps {
  spec: { readonly [key: string]: Json };
  errors: FieldErrors;
  onChange: (spec: Json) => void;
}

/** What a machine of this host runs, field by field. What has no field here stays as the JSON says. */
export function LocalSpecFields({ spec, errors, onChange }: LocalSpecFieldsProps) {
  const text = (...path: string[]) => {
    const value = member(spec, path);
    return value === null ? '' : String(value);
  };
  const set = (value: Json, ...path: string[]) => onChange(withMember(spec, path, value));
  const [command, setCommand] = useState(() => linesOf(spec.command));
  const [variables, setVariables] = useState(() => linesOf(spec.env));
  return (
    <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      <Field
        label="Version"
        hint="Another version is another configuration: what runs is outdated."
        invalid={errors['spec.version']}
        className="col-span-full"
      >
        <Input value={text('version')} onChange={(event) => set(event.target.value, 'version')} autoComplete="off" />
      </Field>
      <Field
        label="Jobs at once"
        hint="What the bundled worker works on; a drain waits for them."
        invalid={errors['spec.jobs.atOnce']}
      >
        <Input
          inputMode="numeric"
          value={text('jobs', 'atOnce')}
          onChange={(event) => set(numberOrText(event.target.value), 'jobs', 'atOnce')}
        />
      </Field>
      <Field label="Each job takes, ms" invalid={errors['spec.jobs.durationMs']}>
        <Input
          inputMode="numeric"
          value={text('jobs', 'durationMs')}
          onChange={(event) => set(numberOrText(event.target.value), 'jobs', 'durationMs')}
        />
      </Field>
      <Field label="Starts after, ms" hint="As if the machine had to boot." invalid={errors['spec.startDelayMs']}>
        <Input
          inputMode="numeric"
          value={text('startDelayMs')}
          onChange={(event) => set(numberOrText(event.target.value), 'startDelayMs')}
        />
      </Field>
      <Field
        label="Command"
        hint="One argument a line; empty: the bundled worker."
        invalid={errors['spec.command']}
        className="col-start-1"
      >
        <Textarea
          className="font-mono text-12"
          spellCheck={false}
          value={command}
          onChange={(event) => {
            setCommand(event.target.value);
            set(
              event.target.value.split('\n').filter((line) => line !== ''),
              'command',
            );
          }}
        />
      </Field>
      <Field
        label="Environment variables"
        hint="NAME=value, one a line."
        invalid={errors['spec.env'] ?? firstBelow(errors, 'spec.env.')}
      >
        <Textarea
          className="font-mono text-12"
          spellCheck={false}
          value={variables}
          onChange={(event) => {
            setVariables(event.target.value);
            set(variablesOf(event.target.value), 'env');
          }}
        />
      </Field>
    </div>
  );
}

function firstBelow(errors: FieldErrors, prefix: string): string | undefined {
  const [found] = Object.entries(errors).filter(([field]) => field.startsWith(prefix));
  return found && `${found[0].slice(prefix.length)}: ${found[1]}`;
}
