'use client';

import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { plural } from '@/components/cluster/cluster-sentence';
import { clusterViewSearch } from '@/components/cluster/cluster-view-search';
import { PolicyFacts } from '@/components/cluster/policy-facts';
import { SpecChanges } from '@/components/spec/spec-changes';
import { Tag } from '@/components/ui/badge';
import { CopyId } from '@/components/ui/copy-id';
import { KeyValue, KeyValues } from '@/components/ui/key-values';
import { laterPart } from '@/components/ui/later-part';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import type { ClusterView, ConfigView } from '@/server/contract/cluster.ts';

const EditCluster = laterPart(
  dynamic(() => import('@/components/cluster/edit-cluster').then((module) => module.EditCluster)),
);

/** What is declared, and what its instances run instead. */
export function ClusterConfig({ cluster, canEdit }: { cluster: ClusterView; canEdit: boolean }) {
  const [edit, setEdit] = useQueryState('edit', clusterViewSearch.edit);
  if (edit && canEdit) return <EditCluster cluster={cluster} onDone={() => void setEdit(null)} />;
  const { present, outdatedConfigs } = cluster;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_348px] items-start gap-4 narrow:grid-cols-1">
      <div className="grid min-w-0 gap-4">
        {outdatedConfigs.map(({ config, instances, changes }) => (
          <Panel
            key={config.config}
            title={`What ${plural(instances, 'instance')} ${instances === 1 ? 'lacks' : 'lack'}`}
            note={`v${config.version} → v${present.version}`}
            aside={<Declared config={config} />}
            flush
          >
            <SpecChanges
              caption={`Differences between version ${config.version} and version ${present.version}`}
              before={`v${config.version}`}
              after={`v${present.version}`}
              changes={changes}
            />
          </Panel>
        ))}
        <Panel title="Declared now" note={`v${present.version}`} aside={<Declared config={present} />}>
          <pre className="font-mono text-12 leading-5 whitespace-pre-wrap wrap-anywhere">
            {JSON.stringify(present.spec, null, 2)}
          </pre>
          <p className="mt-3 text-12 text-ink-3">
            Fingerprint <CopyId value={present.config} />
          </p>
        </Panel>
      </div>
      <div className="grid min-w-0 gap-4">
        <Panel title="Size">
          <KeyValues>
            <KeyValue term="Min">{cluster.minSize}</KeyValue>
            <KeyValue term="Target">{cluster.targetSize}</KeyValue>
            <KeyValue term="Max">{cluster.maxSize}</KeyValue>
            <KeyValue term="Floor">{cluster.floor} in service</KeyValue>
          </KeyValues>
          <p className="mt-2 text-12 text-ink-3">
            A cycle stays at the floor or above: min, 80 % of the target, or what the policy asks for, whichever is
            most.
          </p>
        </Panel>
        <Panel title="Policy" note={cluster.storedPolicy === null ? 'product default' : 'stored with this cluster'}>
          <PolicyFacts policy={cluster.effectivePolicy} drainTimeoutMs={cluster.drainTimeoutMs} />
        </Panel>
        <Panel title="Labels">
          {Object.keys(cluster.labels).length === 0 ? (
            <p className="text-ink-3">None.</p>
          ) : (
            <ul className="flex flex-wrap gap-1.5">
              {Object.entries(cluster.labels).map(([key, value]) => (
                <li key={key}>
                  <Tag>
                    {key}={value}
                  </Tag>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </div>
  );
}

function Declared({ config }: { config: ConfigView }) {
  return (
    <span>
      declared <RelativeTime at={config.createdAt} />
      {config.authorName !== null && ` by ${config.authorName}`}
    </span>
  );
}
