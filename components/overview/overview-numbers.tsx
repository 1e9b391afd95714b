import type { ReactNode } from 'react';
import { PageLink } from '@/components/ui/page-link';
import type { OverviewNumbers as Numbers } from '@/server/contract/overview';

/** Four numbers, each the way to what it counts. */
export function OverviewNumbers({ numbers }: { numbers: Numbers }) {
  const { clusters, outdatedClusters, outdatedInstances } = numbers;
  const { runningCycles, pausedCycles, waitingCycles } = numbers;
  const { approvals, waitingPlans, pools, fullPools, waitingForMachines } = numbers;
  const cycles = [
    pausedCycles > 0 && `${pausedCycles} paused`,
    waitingCycles > 0 && `${waitingCycles} not begun`,
  ].filter((part) => part !== false);
  return (
    <section
      aria-label="Numbers"
      className="grid grid-cols-4 rounded-panel border border-line bg-panel narrow:grid-cols-2"
    >
      <Stat
        href={outdatedClusters === 0 ? '/clusters' : '/clusters?q=outdated:%3E0'}
        value={outdatedClusters}
        of={clusters}
        word={outdatedClusters === 1 ? 'cluster outdated' : 'clusters outdated'}
        more={outdatedInstances > 0 && `${outdatedInstances} ${outdatedInstances === 1 ? 'instance' : 'instances'}`}
      />
      <Stat
        href={runningCycles + pausedCycles + waitingCycles === 0 ? '/cycles' : '/cycles?state=active'}
        value={runningCycles}
        word={runningCycles === 1 ? 'cycle running' : 'cycles running'}
        more={cycles.length > 0 && cycles.join(', ')}
      />
      <Stat
        href="/cycles?state=waiting"
        value={approvals}
        word={approvals === 1 ? 'approval waits for you' : 'approvals wait for you'}
        more={waitingPlans > approvals && `${waitingPlans - approvals} for others`}
      />
      <Stat
        href="/pools"
        value={fullPools}
        of={pools}
        word={fullPools === 1 ? 'pool full' : 'pools full'}
        more={waitingForMachines > 0 && `${waitingForMachines} ${waitingForMachines === 1 ? 'waits' : 'wait'}`}
      />
    </section>
  );
}

interface StatProps {
  href: string;
  value: number;
  of?: number;
  word: string;
  more: ReactNode;
}

function Stat({ href, value, of, word, more }: StatProps) {
  return (
    <PageLink
      href={href}
      className="block border-line px-4 py-3 not-first:border-l hover:bg-hover focus-visible:-outline-offset-2 narrow:nth-3:border-l-0 narrow:nth-[n+3]:border-t"
    >
      <span className="block text-24 leading-7">
        {value}
        {of !== undefined && <span className="text-13 text-ink-3"> of {of}</span>}
      </span>{' '}
      <span className="block text-12 text-ink-2">
        {word}
        {more !== false && <>, {more}</>}
      </span>
    </PageLink>
  );
}
