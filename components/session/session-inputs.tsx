'use client';

import { useQuery } from '@tanstack/react-query';
import { CopyText } from '@/components/session/copy-text';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { TextLink } from '@/components/ui/text-link';
import type { SessionView } from '@/server/contract/session';

/** What was submitted, as YAML. */
export function SessionInputs({ session: { id, spec } }: { session: SessionView }) {
  // The writer of YAML is heavy, so it comes when it is needed; a spec never changes.
  const { data: yaml } = useQuery({
    queryKey: ['spec-yaml', id],
    queryFn: async () => (await import('@/server/contract/session-yaml.ts')).writeSpec(spec),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Panel
      title="Inputs"
      flush
      aside={
        <>
          {yaml !== undefined && <CopyText label="Copy as YAML" read={() => yaml} />}
          <TextLink href={`/sessions/new?from=${id}`}>Change and run</TextLink>
        </>
      }
    >
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        className="max-h-105 overflow-auto px-4 py-3 font-mono text-12 focus-visible:-outline-offset-2"
      >
        {yaml ?? <Skeleton className="w-1/2" />}
      </pre>
    </Panel>
  );
}
