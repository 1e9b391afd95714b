import type { ClusterView, FleetSummary } from '@/server/contract/cluster.ts';
import { formatDuration } from '../ui/duration.ts';

/** A sentence whose first words are the number that decides. */
export interface Sentence {
  readonly strong: string;
  readonly rest: string;
}

/** "**8 of 13** clusters run something outdated: 100 of 189 instances, the oldest drift is 21 days." */
export function fleetSentence(fleet: FleetSummary, now: number): Sentence {
  if (fleet.clusters === 0) return { strong: 'No clusters', rest: ' are declared.' };
  if (fleet.outdatedClusters === 0) {
    return { strong: `All ${fleet.clusters}`, rest: ` clusters are current: ${plural(fleet.instances, 'instance')}.` };
  }
  const oldest = fleet.oldestDriftSince === null ? '' : `, the oldest drift is ${age(now - fleet.oldestDriftSince)}`;
  return {
    strong: `${fleet.outdatedClusters} of ${fleet.clusters}`,
    rest: ` clusters run something outdated: ${fleet.outdatedInstances} of ${plural(fleet.instances, 'instance')}${oldest}.`,
  };
}

/** What a cluster runs, and whether that is what it should run. */
export function clusterSentence(cluster: ClusterView, now: number): Sentence {
  const { version, size, outdated, present } = cluster;
  if (cluster.observedAt === null)
    return { strong: 'Not read yet.', rest: ' Its instances show when a worker has read the back end.' };
  if (size === 0) return { strong: 'No instances.', rest: ` The target is ${cluster.targetSize}.` };
  const since = age(now - present.createdAt);
  if (outdated === 0) {
    return {
      strong: size === 1 ? 'The one' : `All ${size}`,
      rest: ` ${size === 1 ? 'instance runs' : 'instances run'} version ${version}, declared ${since} ago.`,
    };
  }
  return {
    strong: `${outdated} of ${size}`,
    rest: ` ${size === 1 ? 'instance runs' : 'instances run'} ${oldVersions(cluster)}; version ${version} was declared ${since} ago.`,
  };
}

function oldVersions({ outdatedConfigs, outdated }: ClusterView): string {
  const known = outdatedConfigs.reduce((sum, one) => sum + one.instances, 0);
  const versions = outdatedConfigs.map((one) => one.config.version).sort((a, b) => a - b);
  if (known < outdated || versions.length === 0) return 'something that was not declared here';
  if (versions.length === 1) return `version ${versions[0]}`;
  return versions.length <= 3
    ? `versions ${versions.slice(0, -1).join(', ')} and ${versions.at(-1)}`
    : `${versions.length} older versions`;
}

/** "11 are in service, the floor is 10." */
export function serviceSentence({ inService, floor }: Pick<ClusterView, 'inService' | 'floor'>): string {
  const serving = `${inService} ${inService === 1 ? 'is' : 'are'} in service`;
  return inService < floor ? `${serving}, below the floor of ${floor}.` : `${serving}, the floor is ${floor}.`;
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

const DAY_MS = 86_400_000;

/** In a sentence days are a word. */
function age(ms: number): string {
  return ms >= DAY_MS ? plural(Math.floor(ms / DAY_MS), 'day') : formatDuration(ms);
}
