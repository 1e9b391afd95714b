import { previewHref } from '@/components/plan/preview-href';
import { ButtonLink } from '@/components/ui/button';
import type { CycleView } from '@/server/contract/cycle';

/** The way on from a cycle that has ended: what remains is previewed anew, with the same knobs. */
export function NextPreview({ cycle: { body, summary } }: { cycle: CycleView }) {
  const remain = summary?.outdated ?? 0;
  return (
    <ButtonLink href={previewHref(body)} variant={remain > 0 ? 'primary' : 'plain'}>
      {remain > 0 ? `Preview the other ${remain}` : 'Preview again'}
    </ButtonLink>
  );
}
