'use client';

import { reserveHref } from '@/components/pool/pool-search';
import { poolSentence } from '@/components/pool/pool-sentence';
import { Button, ButtonLink } from '@/components/ui/button';
import { useClock } from '@/components/ui/clock';
import { PageHead } from '@/components/ui/page-head';
import type { PoolView } from '@/server/contract/pool.ts';

interface PoolHeadProps {
  pool: PoolView;
  canOperate: boolean;
  isWaiting: boolean;
  onPause: () => void;
  onResume: () => void;
}

const NEEDS_OPERATOR = 'Operators do this; an administrator can change your role.';

/** The pool in a sentence, and what can be done with it. */
export function PoolHead({ pool, canOperate, isWaiting, onPause, onResume }: PoolHeadProps) {
  const rest = useClock((now) => poolSentence(pool, now).rest);
  const reason = canOperate ? null : NEEDS_OPERATOR;
  return (
    <PageHead
      crumbs={[{ label: 'Pools', href: '/pools' }]}
      title={pool.name}
      lead={
        <>
          <b>{poolSentence(pool, 0).strong}</b>
          {rest}
          {!pool.runsSessions &&
            pool.capacity > 0 &&
            ' People can reserve them; they cannot run components of sessions.'}
        </>
      }
      actions={
        <>
          {pool.paused === null ? (
            <Button disabledReason={reason} disabled={isWaiting} onClick={onPause}>
              Pause pool…
            </Button>
          ) : (
            <Button disabledReason={reason} disabled={isWaiting} onClick={onResume}>
              Resume pool
            </Button>
          )}
          {canOperate && (
            <ButtonLink variant="primary" href={reserveHref(pool.name)}>
              Reserve machines
            </ButtonLink>
          )}
        </>
      }
    />
  );
}
