import { holderHref } from '@/components/cluster/holders';
import { TextLink } from '@/components/ui/text-link';
import type { Workload } from '@/server/domain/cluster/cluster.ts';

/** A piece of work by its name; a session or a reservation leads to its page. */
export function WorkloadName({ workload }: { workload: Workload }) {
  const href = holderHref(workload);
  if (href === null) return workload.name;
  // Part of the text around it, so that it is cut and wrapped with it.
  return (
    <TextLink href={href} className="inline!">
      {workload.name}
    </TextLink>
  );
}
