'use client';

import { isBroken } from '@/components/cluster/is-broken';
import { Banner } from '@/components/ui/banner';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { TextLink } from '@/components/ui/text-link';
import type { EnvironmentView } from '@/server/contract/cluster.ts';

/** Says of each environment that cannot be read what is wrong, since when, and what is still true. */
export function EnvironmentBanners({ environments }: { environments: readonly EnvironmentView[] }) {
  const broken = environments.filter(isBroken);
  const others = environments.length - broken.length;
  return broken.map((environment) => (
    <Banner
      key={environment.id}
      tone="warn"
      announce
      actions={<TextLink href={`/clusters?env=${encodeURIComponent(environment.name)}`}>Show its clusters</TextLink>}
    >
      <b className="font-medium">{environment.name}</b>{' '}
      {environment.observedAt === null ? (
        'has not been read yet.'
      ) : (
        <>
          shows data from <AbsoluteTime at={environment.observedAt} />.
        </>
      )}{' '}
      {reason(environment)} {others > 0 && 'Other environments are current.'}
    </Banner>
  ));
}

function reason({ syncError, hostName, kind }: EnvironmentView): string {
  if (syncError !== null) return `The back end does not answer (${syncError}); it is tried again by itself.`;
  const where = kind === 'local' && hostName !== null ? ` on ${hostName}` : '';
  return `No worker that may drive it runs${where}; start one to go on.`;
}
