import type { ReactNode } from 'react';
import { type InstanceKind, instanceLook } from '@/components/cluster/instance-look';
import { Glyph } from '@/components/ui/glyph';
import type { InstanceState } from '@/server/domain/cluster/cluster';

interface StateBadgeProps {
  state: InstanceState;
  /** A started instance of an older configuration is grey. */
  outdated?: boolean;
  /** The letter stands before the shape, as in the legends of pictures. */
  letter?: boolean;
  /** A quiet fact behind the word, such as its age. */
  children?: ReactNode;
}

/** The state of an instance: shape, colour and word. */
export function StateBadge({ state, outdated = false, letter = false, children }: StateBadgeProps) {
  const look = instanceLook[kindOf(state, outdated)];
  return (
    <span className="inline-flex items-center gap-1.5 leading-5 whitespace-nowrap">
      {letter && (
        <span aria-hidden="true" className="w-3 text-center font-medium">
          {look.letter}
        </span>
      )}
      <Glyph shape={look.shape} className={look.mark} />
      <span>{state}</span>
      {children !== undefined && <span className="text-ink-2">{children}</span>}
    </span>
  );
}

function kindOf(state: InstanceState, outdated: boolean): InstanceKind {
  if (state === 'started') return outdated ? 'startedOld' : 'startedNew';
  return state;
}
