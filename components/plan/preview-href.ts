import { createSerializer } from 'nuqs/server';
import { knobParsers } from '@/components/plan/knob-address';
import { storedKnobs, withKnobs } from '@/components/plan/knobs';
import type { PlanBody } from '@/server/domain/approval/plan';

const serialize = createSerializer(knobParsers);

/** Where the same is previewed anew, with the knobs that its author had set. */
export function previewHref({
  environment,
  cluster,
  knobs,
}: Pick<PlanBody, 'environment' | 'cluster' | 'knobs'>): string {
  return serialize(`/clusters/${environment.name}/${cluster.name}/preview`, withKnobs(storedKnobs, knobs));
}
