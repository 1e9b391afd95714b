'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { plural } from '@/components/cluster/cluster-sentence';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage } from '@/components/trpc/error-message';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/dialog';
import { Panel } from '@/components/ui/panel';
import type { ClusterView } from '@/server/contract/cluster.ts';

/** Takes back the declaration of a cluster that has no instances left, or whose environment is disabled. */
export function RemoveCluster({ cluster }: { cluster: ClusterView }) {
  const router = useRouter();
  const [isOpen, setIsOpen] = useState(false);
  const remove = useMutation(useTRPC().cluster.remove.mutationOptions({ onSuccess: () => router.push('/clusters') }));
  return (
    <Panel title="Remove">
      <div className="flex items-start gap-4 phone:flex-col">
        <p className="max-w-[72ch] flex-1 text-pretty text-ink-2">
          The console forgets what is declared. Its cycles and its activity are kept.
        </p>
        <Button variant="danger" disabledReason={whyNot(cluster)} onClick={() => setIsOpen(true)}>
          Remove {cluster.name}…
        </Button>
      </div>
      <ConfirmDialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title={`Remove ${cluster.environment.name}/${cluster.name}?`}
        confirmLabel={`Remove ${cluster.name}`}
        destructive
        typeToConfirm={cluster.name}
        pending={remove.isPending}
        error={remove.error === null ? null : errorMessage(remove.error)}
        onConfirm={() => remove.mutate({ clusterId: cluster.id })}
      >
        <b>{cluster.name}</b>{' '}
        {cluster.size === 0
          ? 'has no instances.'
          : `had ${plural(cluster.size, 'instance')} when it was last read. What still runs there goes on, and nobody drives it from here.`}{' '}
        Its declaration is removed; its cycles and its activity are kept.
      </ConfirmDialog>
    </Panel>
  );
}

function whyNot({ activeCycle, size, isDisabled }: ClusterView): string | null {
  if (activeCycle !== null) return 'A cycle of it is active.';
  if (size === 0 || isDisabled) return null;
  return `It still has ${plural(size, 'instance')}; set min and target to 0 and cycle it first. Where its back end is gone for good, disable its environment.`;
}
