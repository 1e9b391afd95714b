'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Age } from '@/components/cluster/age';
import { blockersOf } from '@/components/cluster/blockers';
import { plural } from '@/components/cluster/cluster-sentence';
import { InstanceFlags } from '@/components/cluster/instance-flags';
import { InstanceHistory } from '@/components/cluster/instance-history';
import { StateBadge } from '@/components/cluster/state-badge';
import { WorkloadName } from '@/components/cluster/workload-name';
import { CopyText } from '@/components/session/copy-text';
import { valueText } from '@/components/spec/value-text';
import { useTRPC } from '@/components/trpc/client';
import { useClock } from '@/components/ui/clock';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import { AbsoluteTime, RelativeTime } from '@/components/ui/relative-time';
import type { ClusterView, InstanceView } from '@/server/contract/cluster.ts';

/** All that is known of one instance, section by section. */
export function InstanceDetails({ cluster, instanceId }: { cluster: ClusterView; instanceId: string }) {
  const history = useTRPC().instance.byId.queryOptions({ clusterId: cluster.id, instanceId });
  const { data, isPending } = useQuery(history);
  // Of a large cluster the view has no instances.
  const instance = cluster.instances.find((one) => one.id === instanceId) ?? data?.instance ?? undefined;
  const isLooked = instance === undefined && isPending;
  return (
    <>
      <Section>
        {instance === undefined ? (
          !isLooked && <p className="mb-2 text-ink-2">The back end does not list it any more.</p>
        ) : (
          <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
            <StateBadge state={instance.state} outdated={instance.outdated}>
              for <Age since={instance.stateSince} />
            </StateBadge>
            <InstanceFlags instance={instance} outdated={instance.outdated} />
          </div>
        )}
        <InstanceHistory cluster={cluster} instanceId={instanceId} />
      </Section>
      {instance !== undefined && (
        <>
          {instance.outdated && <OutdatedBecause cluster={cluster} instance={instance} />}
          <Workloads instance={instance} />
          <Blockers cluster={cluster} instance={instance} />
          <Facts instance={instance} />
          <Section>
            <details>
              <summary className="min-h-6 w-fit text-12 text-ink-2 hover:text-ink">Raw JSON</summary>
              <pre className="mt-2 rounded-control bg-sunken p-2 font-mono text-11 whitespace-pre-wrap wrap-anywhere">
                {JSON.stringify(instance, null, 2)}
              </pre>
            </details>
            <CopyText label="Copy JSON" read={() => JSON.stringify(instance, null, 2)} />
          </Section>
        </>
      )}
    </>
  );
}

function Section({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="border-b border-line px-4 py-3 last:border-b-0">
      {title !== undefined && <h2 className="mb-2 text-12 font-medium text-ink-2">{title}</h2>}
      {children}
    </section>
  );
}

function OutdatedBecause({ cluster, instance }: { cluster: ClusterView; instance: InstanceView }) {
  const old = cluster.outdatedConfigs.find(({ config }) => config.config === instance.config);
  return (
    <Section title="Outdated because">
      {old === undefined ? (
        <p>
          It runs the configuration <code className="font-mono text-12">{instance.config.slice(0, 7)}</code>, which was
          not declared here.
        </p>
      ) : (
        <KeyValues>
          <KeyValue term="Version">
            v{old.config.version} → <b className="font-medium">v{cluster.version}</b>, since{' '}
            <Age since={cluster.present.createdAt} />
          </KeyValue>
          {old.changes.map(({ path, before, after }) => (
            <KeyValue key={path} term={<span className="font-mono text-12 wrap-anywhere">{path}</span>}>
              <span className="font-mono text-12">
                {valueText(before)} → {valueText(after)}
              </span>
            </KeyValue>
          ))}
        </KeyValues>
      )}
    </Section>
  );
}

function Workloads({ instance: { workloads, state } }: { instance: InstanceView }) {
  return (
    <Section title={workloads.length === 0 ? 'Running here' : `Running here, ${plural(workloads.length, 'workload')}`}>
      {workloads.length === 0 ? (
        <p className="text-ink-3">{state === 'draining' ? 'Nothing any more.' : 'Nothing.'}</p>
      ) : (
        <ul className="grid gap-1">
          {workloads.map((workload, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: workloads may have the same name
            <li key={index} className="flex gap-2">
              <span className="min-w-0 flex-1 wrap-anywhere">
                <WorkloadName workload={workload} />
              </span>
              {workload.since !== null && (
                <span className="text-12 text-ink-2">
                  <Age since={workload.since} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Blockers({ cluster, instance }: { cluster: ClusterView; instance: InstanceView }) {
  // The sentences change at most once a second, and few do.
  const blockers = useClock((now) => blockersOf(instance, cluster, now).join('\n'));
  if (blockers === '') return null;
  return (
    <Section title="In the way of a cycle">
      <ul className="grid gap-1">
        {blockers.split('\n').map((blocker) => (
          <li key={blocker} className="text-pretty">
            {blocker}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Facts({ instance }: { instance: InstanceView }) {
  return (
    <Section title="Back end says">
      <KeyValues>
        {instance.createdAt !== null && (
          <KeyValue term="Created">
            <AbsoluteTime at={instance.createdAt} />
          </KeyValue>
        )}
        <KeyValue term="Health">
          {instance.health ?? 'not told'}
          {instance.health === 'healthy' && instance.healthySince !== null && (
            <>
              , for <Age since={instance.healthySince} />
            </>
          )}
        </KeyValue>
        {instance.zone !== null && <KeyValue term="Zone">{instance.zone}</KeyValue>}
        {instance.protection !== null && <KeyValue term="Protection">{instance.protection}</KeyValue>}
        {instance.closed && <KeyValue term="New work">closed to it</KeyValue>}
        {instance.updatedAt !== null && (
          <KeyValue term="Updated">
            <AbsoluteTime at={instance.updatedAt} />
          </KeyValue>
        )}
        <KeyValue term="Config">
          <span className="font-mono text-12">{instance.config}</span>
        </KeyValue>
        {instance.token !== null && (
          <KeyValue term="Started by">
            <span className="font-mono text-12 wrap-anywhere">{instance.token}</span>
          </KeyValue>
        )}
        <KeyValue term="Last change">
          <AbsoluteTime at={instance.seenAt} />, <RelativeTime at={instance.seenAt} />
        </KeyValue>
      </KeyValues>
    </Section>
  );
}
