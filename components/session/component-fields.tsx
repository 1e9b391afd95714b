'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { Suspense, useId, useState } from 'react';
import { type ComponentDraft, portNames, type SpecErrors } from '@/components/session/spec-draft';
import { useTRPC } from '@/components/trpc/client';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Field } from '@/components/ui/field';
import { Glyph } from '@/components/ui/glyph';
import { Input, Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { TextLink } from '@/components/ui/text-link';
import type { PoolRow } from '@/server/contract/pool';
import { BUNDLED_IMAGES } from '@/server/contract/session.ts';

interface ComponentFieldsProps {
  component: ComponentDraft;
  /** Where it stands in the spec: `components.0`. */
  path: string;
  errors: SpecErrors;
  pools: readonly PoolRow[];
  onChange: (changed: Partial<ComponentDraft>) => void;
  /** Null where there can be only one. */
  onCopy: (() => void) | null;
  onRemove: () => void;
}

const kinds = [
  { value: 'driver', label: 'driver' },
  { value: 'server', label: 'server' },
  { value: 'client', label: 'client' },
] as const;

const folded = ['command', 'env', 'ports', 'probe', 'secrets', 'configs'] as const;

/** One component: what everybody sets stands in a row, the rest is folded away until it is wanted or wrong. */
export function ComponentFields(props: ComponentFieldsProps) {
  const { component, path, errors, pools, onChange, onCopy, onRemove } = props;
  const imagesId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const isWrong = folded.some((field) => errors[`${path}.${field}`] !== undefined);
  return (
    <fieldset
      aria-label={component.name || 'Component without a name'}
      className="border-b border-line px-4 py-3 last:border-b-0"
    >
      <div className="grid grid-cols-[minmax(0,3fr)_88px_minmax(0,4fr)_minmax(0,4fr)_72px] items-start gap-3 phone:grid-cols-2">
        <Field label="Name" invalid={errors[`${path}.name`]}>
          <Input
            value={component.name}
            onChange={(event) => onChange({ name: event.target.value })}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <Field label="Kind" invalid={errors[`${path}.kind`]}>
          <Select options={kinds} value={component.kind} onChange={(kind) => onChange({ kind })} />
        </Field>
        <Field label="Pool" invalid={errors[`${path}.pool`]} className="phone:col-span-full">
          <Select
            options={poolOptions(pools, component.pool)}
            value={component.pool}
            onChange={(pool) => onChange({ pool })}
          />
        </Field>
        <Field label="Image" invalid={errors[`${path}.image`]} className="phone:col-span-full">
          <Input
            value={component.image}
            onChange={(event) => onChange({ image: event.target.value })}
            list={imagesId}
            placeholder="none: a command says all"
            maxLength={300}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        <datalist id={imagesId}>
          {BUNDLED_IMAGES.map((image) => (
            <option key={image} value={image} />
          ))}
        </datalist>
        <div className="flex justify-end gap-1 pt-5 phone:col-span-full phone:pt-0">
          {onCopy !== null && (
            <Button variant="quiet" onClick={onCopy} aria-label={`Add another like ${component.name}`}>
              <Glyph shape="copy" />
            </Button>
          )}
          <Button variant="quiet" onClick={onRemove} aria-label={`Remove ${component.name}`}>
            <Glyph shape="close" />
          </Button>
        </div>
      </div>
      <details
        open={isOpen || isWrong}
        onToggle={(event) => setIsOpen(event.currentTarget.open)}
        className="group/more mt-2"
      >
        <summary className="inline-flex min-h-6 list-none items-center gap-1.5 text-12 text-ink-2 hover:text-ink">
          <Glyph shape="chevron-down" className="size-2.5! -rotate-90 group-open/more:rotate-0" />
          {digest(component)}
        </summary>
        <MoreFields {...props} />
      </details>
    </fieldset>
  );
}

function MoreFields({ component, path, errors, onChange }: ComponentFieldsProps) {
  const ports = portNames(component.ports);
  const known =
    component.probePort === '' || ports.includes(component.probePort) ? ports : [...ports, component.probePort];
  return (
    <div className="mt-2 grid grid-cols-2 items-start gap-3 phone:grid-cols-1">
      <Field
        label="Command"
        hint="one argument a line; empty = what the image says"
        invalid={errors[`${path}.command`]}
      >
        <Textarea
          value={component.command}
          onChange={(event) => onChange({ command: event.target.value })}
          spellCheck={false}
          className="font-mono text-12!"
        />
      </Field>
      <Field label="Environment" hint="NAME=value a line; PORT is set by itself" invalid={errors[`${path}.env`]}>
        <Textarea
          value={component.env}
          onChange={(event) => onChange({ env: event.target.value })}
          spellCheck={false}
          className="font-mono text-12!"
        />
      </Field>
      <Field
        label="Ports"
        hint="names, with a number where it must be that one: http, admin:8080"
        invalid={errors[`${path}.ports`]}
      >
        <Input
          value={component.ports}
          onChange={(event) => onChange({ ports: event.target.value })}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <div className="grid grid-cols-2 items-start gap-3">
        <Field label="Probe" hint="which port is asked" invalid={errors[`${path}.probe`]}>
          <Select
            options={[{ value: '', label: 'no probe' }, ...known.map((value) => ({ value, label: value }))]}
            value={component.probePort}
            onChange={(probePort) => onChange({ probePort })}
          />
        </Field>
        <Field label="Path" hint="empty = it accepts a connection">
          <Input
            value={component.probePath}
            onChange={(event) => onChange({ probePath: event.target.value })}
            placeholder="/health"
            disabled={component.probePort === ''}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      </div>
      <Suspense fallback={<p className="text-12 text-ink-3">Reading the names of secrets and configs.</p>}>
        <Names component={component} path={path} errors={errors} onChange={onChange} />
      </Suspense>
    </div>
  );
}

/** What may be handed to the component as files. */
function Names({
  component,
  path,
  errors,
  onChange,
}: Pick<ComponentFieldsProps, 'component' | 'path' | 'errors' | 'onChange'>) {
  const trpc = useTRPC();
  const { data: secrets } = useSuspenseQuery(trpc.secret.list.queryOptions());
  const { data: configs } = useSuspenseQuery(trpc.config.list.queryOptions());
  return (
    <>
      <NameChoice
        label="Secrets"
        all={secrets.map(({ name }) => name)}
        chosen={component.secrets}
        invalid={errors[`${path}.secrets`]}
        onChange={(names) => onChange({ secrets: names })}
      />
      <NameChoice
        label="Configs"
        all={configs.map(({ name }) => name)}
        chosen={component.configs}
        invalid={errors[`${path}.configs`]}
        onChange={(names) => onChange({ configs: names })}
      />
    </>
  );
}

interface NameChoiceProps {
  label: 'Secrets' | 'Configs';
  all: readonly string[];
  chosen: readonly string[];
  invalid: string | undefined;
  onChange: (names: readonly string[]) => void;
}

/** Which of the names that are set are handed to the component, as files. */
function NameChoice({ label, all, chosen, invalid, onChange }: NameChoiceProps) {
  const names = [...new Set([...all, ...chosen])].toSorted();
  return (
    <fieldset className="min-w-0">
      <legend className="text-12 text-ink-2">{label}</legend>
      {names.length === 0 ? (
        <p className="text-12 text-ink-3">
          None is set.{' '}
          <TextLink href="/sessions/secrets" className="min-h-0!">
            Secrets and configs
          </TextLink>
        </p>
      ) : (
        <div className="flex flex-wrap gap-x-4">
          {names.map((name) => (
            <Checkbox
              key={name}
              checked={chosen.includes(name)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
              }
            >
              {name}
              {!all.includes(name) && <span className="text-bad"> (not set)</span>}
            </Checkbox>
          ))}
        </div>
      )}
      {invalid !== undefined && <p className="text-12 text-bad">{invalid}</p>}
    </fieldset>
  );
}

function poolOptions(pools: readonly PoolRow[], chosen: string) {
  const known = pools.map(({ name, parts, capacity, runsSessions }) => ({
    value: name,
    label: runsSessions ? `${name}: ${parts.available} free of ${capacity}` : `${name}: cannot run sessions`,
  }));
  const isKnown = pools.some(({ name }) => name === chosen);
  const unknown = chosen === '' || isKnown ? [] : [{ value: chosen, label: `${chosen}: there is no such pool` }];
  return [{ value: '', label: 'choose a pool' }, ...unknown, ...known];
}

/** What is folded away, in a line. */
function digest({ command, env, ports, probePort, probePath, secrets, configs }: ComponentDraft): string {
  const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '').length;
  const parts = [
    lines(command) > 0 && 'a command',
    lines(env) > 0 && `${lines(env)} of environment`,
    ports.trim() !== '' && `ports ${ports}`,
    probePort !== '' && `probe ${`${probePort} ${probePath}`.trim()}`,
    secrets.length > 0 && `secrets ${secrets.join(', ')}`,
    configs.length > 0 && `configs ${configs.join(', ')}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'Command, environment, ports, probe, secrets, configs' : parts.join('; ');
}
