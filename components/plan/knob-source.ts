import type { KnobKey } from '@/components/plan/knobs';
import type { PreviewView } from '@/server/contract/plan';

/** Where the stored value of a knob comes from. */
export function knobSource(key: KnobKey, { stored, cluster }: Pick<PreviewView, 'stored' | 'cluster'>): string {
  switch (key) {
    case 'target':
    case 'drain':
      return 'cluster';
    case 'min':
      return stored.config.minSize === cluster.minSize ? 'cluster' : '80 % of target';
    case 'max':
      return stored.config.maxSize === cluster.maxSize ? 'cluster' : '120 % of target';
    default:
      return stored.policySource === 'cluster' ? 'policy' : 'default';
  }
}
