'use client';

import { useMutation } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { useState } from 'react';
import { partsThatOccur } from '@/components/pool/pool-look';
import { poolHref, poolViewHref, poolViewSearch } from '@/components/pool/pool-search';
import { useActions } from '@/components/pool/use-actions';
import { useLivePool } from '@/components/pool/use-live-pool';
import { useTRPC } from '@/components/trpc/client';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { Tabs } from '@/components/ui/tabs';
import type { MachineRow, PoolView } from '@/server/contract/pool.ts';

const PoolBar = laterPart(dynamic(() => import('@/components/chart/pool-bar').then((module) => module.PoolBar)));
const PoolKey = laterPart(dynamic(() => import('@/components/chart/pool-bar').then((module) => module.PoolKey)));

const PoolHead = laterPart(dynamic(() => import('@/components/pool/pool-head').then((module) => module.PoolHead)));

const ActionSteps = laterPart(
  dynamic(() => import('@/components/pool/action-steps').then((module) => module.ActionSteps)),
);
const MaintenanceDialog = laterPart(
  dynamic(() => import('@/components/pool/maintenance-dialog').then((module) => module.MaintenanceDialog)),
);
const PauseDialog = laterPart(
  dynamic(() => import('@/components/pool/pause-dialog').then((module) => module.PauseDialog)),
);
const PoolMachines = laterPart(
  dynamic(() => import('@/components/pool/pool-machines').then((module) => module.PoolMachines)),
);
const PoolQueue = laterPart(dynamic(() => import('@/components/pool/pool-queue').then((module) => module.PoolQueue)));

const PoolHistoryChart = laterPart(
  dynamic(() => import('@/components/chart/pool-history-chart').then((module) => module.PoolHistoryChart)),
);

interface PoolPageProps {
  name: string;
  /** The viewer may reserve, pause and maintain. */
  canOperate: boolean;
}

type Asked = { readonly kind: 'pause' } | { readonly kind: 'maintain'; readonly machine: MachineRow };

/** One pool: what its machines do, who waits, and how it was used. */
export function PoolPage({ name, canOperate }: PoolPageProps) {
  const { pool, isGone } = useLivePool(name);
  const [tab] = useQueryState('tab', poolViewSearch.tab);
  const [asked, setAsked] = useState<Asked | null>(null);
  const orders = usePoolOrders(name);
  const { last, isWaiting } = orders.actions;
  const href = poolHref(name);
  return (
    <>
      <PoolHead
        pool={pool}
        canOperate={canOperate}
        isWaiting={isWaiting}
        onPause={() => setAsked({ kind: 'pause' })}
        onResume={orders.resume}
      />
      <div className="mb-4 grid gap-2 empty:hidden">
        {isGone && <GoneBanner name={name} />}
        {pool.paused !== null && <PausedBanner paused={pool.paused} />}
        {last !== null && <ActionSteps action={last} isSeen={last.isSeen(pool)} onDismiss={orders.actions.dismiss} />}
      </div>
      <Panel label={`Machines of ${name} by use`} className="mb-4">
        <div className="grid gap-2">
          <PoolBar parts={pool.parts} large />
          <PoolKey parts={partsThatOccur(pool.parts)} counts={pool.parts} />
        </div>
      </Panel>
      <Tabs
        label={`Views of ${name}`}
        tabs={[
          { href, label: 'Machines', current: tab === 'machines', count: pool.machines.length },
          {
            href: poolViewHref(href, { tab: 'queue' }),
            label: 'Queue',
            current: tab === 'queue',
            count: pool.queue.length,
          },
          { href: poolViewHref(href, { tab: 'history' }), label: 'History', current: tab === 'history' },
        ]}
      />
      {tab === 'machines' && (
        <PoolMachines
          pool={pool}
          canOperate={canOperate}
          isWaiting={isWaiting}
          onMaintain={(machine) => setAsked({ kind: 'maintain', machine })}
          onEndMaintenance={orders.endMaintenance}
        />
      )}
      {tab === 'queue' && <PoolQueue pool={pool} />}
      {tab === 'history' && <PoolHistoryChart samples={pool.history} fileName={`pool-${name}`} />}
      {asked?.kind === 'pause' && (
        <PauseDialog
          pool={pool}
          onClose={() => setAsked(null)}
          onPause={(note) => {
            setAsked(null);
            orders.pause(note);
          }}
        />
      )}
      {asked?.kind === 'maintain' && (
        <MaintenanceDialog
          machine={asked.machine}
          onClose={() => setAsked(null)}
          onStart={(note, forMs) => {
            setAsked(null);
            orders.startMaintenance(asked.machine, note, forMs);
          }}
        />
      )}
    </>
  );
}

/** What can be asked of a pool, and how far the last of it is. */
function usePoolOrders(name: string) {
  const trpc = useTRPC();
  const actions = useActions<PoolView>();
  const pause = useMutation(trpc.pool.pause.mutationOptions());
  const resume = useMutation(trpc.pool.resume.mutationOptions());
  const start = useMutation(trpc.pool.startMaintenance.mutationOptions());
  const end = useMutation(trpc.pool.endMaintenance.mutationOptions());
  return {
    actions,
    pause: (note: string) =>
      void actions.give(
        `Pause ${name}`,
        (pool) => pool.paused !== null,
        () => pause.mutateAsync({ name, note }),
      ),
    resume: () =>
      void actions.give(
        `Resume ${name}`,
        (pool) => pool.paused === null,
        () => resume.mutateAsync({ name }),
      ),
    startMaintenance: ({ clusterId, instanceId }: MachineRow, note: string, forMs: number | null) =>
      void actions.give(
        `Maintenance of ${instanceId}`,
        (pool) => find(pool, instanceId)?.state === 'maintenance',
        () => start.mutateAsync({ clusterId, instanceId, note, forMs }),
      ),
    endMaintenance: ({ clusterId, instanceId }: MachineRow) =>
      void actions.give(
        `End the maintenance of ${instanceId}`,
        (pool) => find(pool, instanceId)?.maintenance === null,
        () => end.mutateAsync({ clusterId, instanceId }),
      ),
  };
}

function find(pool: PoolView, instanceId: string): MachineRow | undefined {
  return pool.machines.find((machine) => machine.instanceId === instanceId);
}

function GoneBanner({ name }: { name: string }) {
  return (
    <Banner
      tone="bad"
      announce
      actions={
        <ButtonLink size="small" href="/pools">
          Go to pools
        </ButtonLink>
      }
    >
      <b className="font-medium">{name}</b> has no machines any more and nobody waits for it. What is shown is the last
      that was known of it.
    </Banner>
  );
}

function PausedBanner({ paused: { note, byName, at } }: { paused: NonNullable<PoolView['paused']> }) {
  return (
    <Banner tone="warn">
      <b className="font-medium">Paused by {byName}</b> <RelativeTime at={at} />: {note}. Nobody gets a machine of it;
      who holds one keeps it.
    </Banner>
  );
}
