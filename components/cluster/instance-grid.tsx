'use client';

import { clsx } from 'clsx';
import { useState } from 'react';
import { shortIds } from '@/components/cluster/instance-filter';
import { InstanceFlags } from '@/components/cluster/instance-flags';
import { instanceKind, instanceKinds, instanceLook } from '@/components/cluster/instance-look';
import { StateLegend } from '@/components/cluster/state-bar';
import { Glyph } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import type { InstanceView } from '@/server/contract/cluster.ts';

/** Above this many, names are hidden, and a line says so. */
const NAMES_UP_TO = 200;

interface InstanceGridProps {
  instances: readonly InstanceView[];
  selected: string | null;
  onSelect: (id: string | null) => void;
}

/** Every instance as a cell: letter, shape and colour say its state. The table beneath is its twin. */
export function InstanceGrid({ instances, selected, onSelect }: InstanceGridProps) {
  const [wantsNames, setWantsNames] = useState(false);
  const isDense = instances.length > NAMES_UP_TO && !wantsNames;
  const kinds = new Set(instances.map(instanceKind));
  const names = shortIds(instances.map((instance) => instance.id));
  return (
    <Panel
      label="Grid of instances"
      footer={
        <>
          <StateLegend kinds={instanceKinds.filter((kind) => kinds.has(kind))} />
          {instances.length > NAMES_UP_TO && (
            <span className="ml-auto">
              {isDense && `${instances.length} instances: names are hidden above ${NAMES_UP_TO}. `}
              <TextButton onClick={() => setWantsNames(!wantsNames)}>
                {isDense ? 'Show names' : 'Hide names'}
              </TextButton>
            </span>
          )}
        </>
      }
    >
      <ul
        className={clsx(
          'grid',
          isDense
            ? 'grid-cols-[repeat(auto-fill,24px)] gap-0.5'
            : 'grid-cols-[repeat(auto-fill,minmax(64px,1fr))] gap-1',
        )}
      >
        {instances.map((instance) => (
          <li key={instance.id}>
            <GridCell
              instance={instance}
              name={isDense ? null : (names.get(instance.id) ?? instance.id)}
              selected={instance.id === selected}
              onSelect={() => onSelect(instance.id === selected ? null : instance.id)}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

interface GridCellProps {
  instance: InstanceView;
  /** null where there is no room for names. */
  name: string | null;
  selected: boolean;
  onSelect: () => void;
}

function GridCell({ instance, name, selected, onSelect }: GridCellProps) {
  const kind = instanceKind(instance);
  const look = instanceLook[kind];
  // Of an unhealthy one the fill says so; its mark says what it runs.
  const mark = kind === 'unhealthy' ? instanceLook[instance.outdated ? 'startedOld' : 'startedNew'].mark : look.mark;
  return (
    <button
      type="button"
      onClick={onSelect}
      aria-pressed={selected}
      title={`${instance.id}, ${look.word}`}
      className={clsx(
        'w-full rounded-[3px] text-ink',
        look.fill,
        name === null ? 'grid h-6 place-items-center text-11' : 'grid h-10 content-between px-1 py-0.5',
        selected && 'outline-2 outline-offset-1 outline-accent',
      )}
    >
      {name === null ? (
        <>
          <span aria-hidden="true">{look.letter}</span>
          <span className="sr-only">
            {instance.id}, {look.word}
          </span>
        </>
      ) : (
        <>
          <span className="flex items-center justify-between text-12 leading-4 font-medium">
            <Glyph shape={instance.state === 'started' ? 'disc' : look.shape} className={mark} />
            <span aria-hidden="true">{instance.state === 'started' ? 'S' : look.letter}</span>
            <span className="sr-only">{look.word}, </span>
          </span>
          <span className="flex items-center justify-between gap-1 font-mono text-11 leading-3.5">
            <span className="overflow-hidden">{name}</span>
            <GridFlags instance={instance} />
          </span>
        </>
      )}
    </button>
  );
}

/** The letters of the flags, as small as a cell asks for. */
function GridFlags({ instance }: { instance: InstanceView }) {
  return (
    <span className="font-sans [&_span[aria-hidden]]:size-auto! [&_span[aria-hidden]]:border-0! [&>span]:flex-nowrap! [&>span]:gap-0.75!">
      <InstanceFlags instance={instance} outdated={instance.outdated} brief />
    </span>
  );
}
