import { Badge } from '@/components/ui/badge';
import { Flag } from '@/components/ui/flag';
import type { GlyphShape } from '@/components/ui/glyph';
import type { Tone } from '@/components/ui/tone';
import type { MachineRow } from '@/server/contract/pool.ts';
import type { MachineHealth, MachineState } from '@/server/domain/pool/pool.ts';

const states = {
  idle: { shape: 'square', tone: 'neutral' },
  reserved: { shape: 'square-half', tone: 'info' },
  running: { shape: 'square-full', tone: 'ok' },
  cleaning: { shape: 'square-dashed', tone: 'warn' },
  maintenance: { shape: 'square-minus', tone: 'neutral' },
} satisfies Record<MachineState, { shape: GlyphShape; tone: Tone }>;

/** What a machine does. One that starts or leaves does that and nothing else. */
export function MachineStateBadge({ machine: { state, lifecycle, nextToGo } }: { machine: MachineRow }) {
  if (state === 'idle' && lifecycle === 'starting') {
    return (
      <Badge shape="ring-dashed" tone="info">
        provisioning
      </Badge>
    );
  }
  if (state === 'idle' && lifecycle !== 'started') {
    return (
      <Badge shape={lifecycle === 'draining' ? 'disc-half' : 'ring-slash'} tone="warn">
        {lifecycle}
      </Badge>
    );
  }
  const isFree = state === 'idle' && !nextToGo;
  return <Badge {...states[state]}>{isFree ? 'free' : state}</Badge>;
}

const healths = {
  good: { shape: 'tick', tone: 'ok' },
  unknown: { shape: 'question', tone: 'neutral' },
  bad: { shape: 'cross', tone: 'bad' },
} satisfies Record<MachineHealth, { shape: GlyphShape; tone: Tone }>;

export function MachineHealthBadge({ health }: { health: MachineHealth }) {
  return <Badge {...healths[health]}>{health}</Badge>;
}

/** What holds beside its state: that it is about to go, and why. Nothing where it stays. */
export function MachineFlags({ machine: { state, lifecycle, nextToGo, outdated } }: { machine: MachineRow }) {
  const isLeaving = state !== 'idle' && lifecycle !== 'started' && lifecycle !== 'starting';
  return (
    <>
      {isLeaving && <Flag letter="d" word={lifecycle} tone="warn" />}
      {nextToGo && !isLeaving && <Flag letter="G" word="next to go" tone="warn" />}
      {outdated && <Flag letter="O" word="outdated" />}
    </>
  );
}
