'use client';

import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { errorMessage, failureOf } from '@/components/trpc/error-message';
import { Button, ButtonLink } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { EmptyState } from '@/components/ui/empty-state';

/** What stands where the data of a page could not be read; the rail stays. */
export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  const { reset: resetQueries } = useQueryErrorResetBoundary();
  const failure = failureOf(error);
  const isMissing = failure?.httpStatus === 404;
  const id = failure?.requestId ?? error.digest;
  const again = () => {
    // Code that did not come while the console was out of reach is asked for again with the page alone.
    if (error.name === 'ChunkLoadError') return window.location.reload();
    startTransition(() => {
      resetQueries();
      router.refresh();
      reset();
    });
  };
  return (
    <EmptyState
      title={isMissing ? 'There is nothing at this address' : 'This page could not be read'}
      level={1}
      actions={
        <>
          {!isMissing && <Button onClick={again}>Try again</Button>}
          <ButtonLink href="/clusters">Go to clusters</ButtonLink>
        </>
      }
    >
      <p>{errorMessage(error)}</p>
      {!isMissing && <p className="mt-2">Cycles go on in the worker, which does not need this page.</p>}
      {id !== undefined && id !== null && (
        <p className="mt-2">
          Request <CopyId value={id} />
        </p>
      )}
    </EmptyState>
  );
}
