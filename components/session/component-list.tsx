'use client';

import { useState } from 'react';
import { ComponentFields } from '@/components/session/component-fields';
import { type ComponentDraft, emptyComponent, nextName, type SpecErrors } from '@/components/session/spec-draft';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import type { PoolRow } from '@/server/contract/pool';
import type { ComponentKind } from '@/server/domain/session/session';

interface ComponentListProps {
  components: readonly ComponentDraft[];
  errors: SpecErrors;
  pools: readonly PoolRow[];
  onChange: (components: readonly ComponentDraft[]) => void;
}

/** The components of a session: what each runs, and on which pool. */
export function ComponentList({ components, errors, pools, onChange }: ComponentListProps) {
  // A change of the list is read out, because nothing else moves the focus.
  const [said, setSaid] = useState('');
  const add = (kind: ComponentKind) => {
    const name = nextName(kind, components);
    onChange([...components, { ...emptyComponent, name, kind, pool: components.at(-1)?.pool ?? '' }]);
    setSaid(`${name} was added`);
  };
  const copy = (component: ComponentDraft, index: number) => {
    const name = nextName(component.kind, components);
    onChange(components.toSpliced(index + 1, 0, { ...component, name }));
    setSaid(`${name} was added`);
  };
  const remove = (component: ComponentDraft, index: number) => {
    onChange(components.toSpliced(index, 1));
    setSaid(`${component.name} was removed`);
  };
  return (
    <Panel
      title="Components"
      note={components.length}
      flush
      aside={
        <>
          <Button size="small" onClick={() => add('server')}>
            Add server
          </Button>
          <Button size="small" onClick={() => add('client')}>
            Add client
          </Button>
          {!components.some(({ kind }) => kind === 'driver') && (
            <Button size="small" onClick={() => add('driver')}>
              Add driver
            </Button>
          )}
        </>
      }
      footer="Servers start first, then clients, then the driver, each when those before are ready. The driver decides how the session ends."
    >
      <p role="status" className="sr-only">
        {said}
      </p>
      {errors.components !== undefined && (
        <p className="border-b border-line px-4 py-2 text-bad">{errors.components}</p>
      )}
      {components.map((component, index) => (
        <ComponentFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a name changes with each letter that is typed
          key={index}
          component={component}
          path={`components.${index}`}
          errors={errors}
          pools={pools}
          onChange={(changed) => onChange(components.with(index, { ...component, ...changed }))}
          onCopy={component.kind === 'driver' ? null : () => copy(component, index)}
          onRemove={() => remove(component, index)}
        />
      ))}
    </Panel>
  );
}
