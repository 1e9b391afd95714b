'use client';

import { useEffect, useRef } from 'react';
import { clusterHref } from '@/components/cluster/cluster-href';
import { InstanceDetails } from '@/components/cluster/instance-details';
import { linkId, type Neighbours } from '@/components/cluster/instance-order';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { Glyph } from '@/components/ui/glyph';
import { TextLink } from '@/components/ui/text-link';
import type { ClusterView } from '@/server/contract/cluster.ts';

interface InstanceDrawerProps {
  cluster: ClusterView;
  instanceId: string;
  neighbours: Neighbours;
  onSelect: (id: string | null) => void;
}

/** One instance beside the list, which stays where it is; over the list where there is no room beside it. */
export function InstanceDrawer({ cluster, instanceId, neighbours, onSelect }: InstanceDrawerProps) {
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where it lies over the list, whoever uses a keyboard has to be in it.
    if (drawer.current !== null && getComputedStyle(drawer.current).position === 'fixed') drawer.current.focus();
  }, []);
  const close = () => {
    onSelect(null);
    document.getElementById(linkId(instanceId))?.focus();
  };
  return (
    <aside
      ref={drawer}
      tabIndex={-1}
      aria-label={`Instance ${instanceId}`}
      className="sticky top-16 max-h-[calc(100vh-80px)] overflow-y-auto rounded-panel border border-line bg-panel outline-none narrow:fixed narrow:inset-y-0 narrow:right-0 narrow:z-40 narrow:max-h-none narrow:w-87 narrow:rounded-none narrow:shadow-float phone:w-full"
    >
      <header className="sticky top-0 flex min-h-10 items-center gap-1 border-b border-line bg-panel px-4 py-1.75">
        <span className="mr-auto min-w-0 truncate font-medium">
          <CopyId value={instanceId} />
        </span>
        <Button
          variant="quiet"
          size="small"
          aria-label="Previous instance"
          aria-keyshortcuts="k"
          disabled={neighbours.before === null}
          onClick={() => onSelect(neighbours.before)}
        >
          <Glyph shape="arrow-up" />
        </Button>
        <Button
          variant="quiet"
          size="small"
          aria-label="Next instance"
          aria-keyshortcuts="j"
          disabled={neighbours.after === null}
          onClick={() => onSelect(neighbours.after)}
        >
          <Glyph shape="arrow-down" />
        </Button>
        <Button variant="quiet" size="small" aria-label="Close" aria-keyshortcuts="Escape" onClick={close}>
          <Glyph shape="close" />
        </Button>
      </header>
      <InstanceDetails cluster={cluster} instanceId={instanceId} />
      <footer className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-2">
        <TextLink href={clusterHref(cluster.environment.name, cluster.name, 'instances', instanceId)}>
          Open page
        </TextLink>
        {cluster.activeCycle !== null && (
          <TextLink href={`/cycles/${cluster.activeCycle.id}?sel=${encodeURIComponent(instanceId)}`}>
            In the active cycle
          </TextLink>
        )}
      </footer>
    </aside>
  );
}
