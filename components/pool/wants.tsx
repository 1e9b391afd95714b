import { poolHref } from '@/components/pool/pool-search';
import { PageLink } from '@/components/ui/page-link';
import type { ReservationRow } from '@/server/contract/pool.ts';

/** "4 of workers, 1 of drivers", each pool a link. */
export function Wants({ wants }: { wants: ReservationRow['wants'] }) {
  return wants.map(({ pool, count }, index) => (
    <span key={pool} className="whitespace-nowrap">
      {index > 0 && ', '}
      {count} of{' '}
      <PageLink href={poolHref(pool)} className="hover:underline">
        {pool}
      </PageLink>
    </span>
  ));
}
