import type { ChartPattern } from '@/components/chart/chart-patterns';
import type { GlyphShape } from '@/components/ui/glyph';
import type { ComponentHealth } from '@/server/domain/session/session';
import type { Phase } from '@/server/domain/session/timeline';

interface PhaseLook {
  /** Lower case is in motion, upper case is at rest. */
  readonly letter: string;
  readonly fill: string;
  readonly edge: string;
  /** Of its edge; left out = solid. */
  readonly dash?: string;
  readonly pattern: ChartPattern | null;
  /** The same look in HTML, for the key. */
  readonly swatch: string;
}

export const phaseLooks: Readonly<Record<Phase, PhaseLook>> = {
  queued: {
    letter: 'Q',
    fill: 'fill-panel',
    edge: 'stroke-mark-unknown',
    dash: '3 2',
    pattern: null,
    swatch: 'border border-dashed border-mark-unknown',
  },
  reserved: {
    letter: 'V',
    fill: 'fill-fill-starting',
    edge: 'stroke-mark-starting',
    pattern: null,
    swatch: 'border border-mark-starting bg-fill-starting',
  },
  provisioning: {
    letter: 'p',
    fill: 'fill-fill-starting',
    edge: 'stroke-mark-starting',
    pattern: 'starting',
    swatch: 'hatch-starting',
  },
  ready: {
    letter: 'D',
    fill: 'fill-fill-drained',
    edge: 'stroke-mark-drained',
    pattern: null,
    swatch: 'border border-mark-drained bg-fill-drained',
  },
  running: {
    letter: 'r',
    fill: 'fill-fill-started',
    edge: 'stroke-mark-started',
    pattern: null,
    swatch: 'border border-mark-started bg-fill-started',
  },
  finishing: {
    letter: 'f',
    fill: 'fill-fill-terminating',
    edge: 'stroke-mark-terminating',
    pattern: 'terminating',
    swatch: 'hatch-terminating',
  },
};

interface HealthMark {
  readonly shape: GlyphShape;
  readonly word: string;
  readonly mark: string;
  readonly stroke: string;
  /** Of the stripe; left out = solid. */
  readonly dash?: string;
}

export const healthMarks: Readonly<Record<ComponentHealth, HealthMark>> = {
  unknown: {
    shape: 'question',
    word: 'unknown',
    mark: 'text-mark-unknown',
    stroke: 'stroke-mark-unknown',
    dash: '2 3',
  },
  ready: { shape: 'tick', word: 'ready', mark: 'text-mark-started', stroke: 'stroke-mark-started' },
  'not-ready': {
    shape: 'triangle',
    word: 'not ready',
    mark: 'text-mark-draining',
    stroke: 'stroke-mark-draining',
    dash: '6 2',
  },
  succeeded: { shape: 'disc-tick', word: 'succeeded', mark: 'text-mark-started', stroke: 'stroke-mark-started' },
  failed: { shape: 'cross', word: 'failed', mark: 'text-mark-bad', stroke: 'stroke-mark-bad' },
};
