'use client';

import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { EmptyState } from '@/components/ui/empty-state';

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** What stands where a page could not be drawn. The digest finds the failure in the server's log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main id="main" className="mx-auto max-w-140 px-4 py-16">
      <EmptyState title="This page could not be drawn" level={1} actions={<Button onClick={reset}>Try again</Button>}>
        <p>Nothing was started or stopped by this. Cycles go on in the worker, which does not need this page.</p>
        {error.digest !== undefined && (
          <p className="mt-2">
            For support: <CopyId value={error.digest} />
          </p>
        )}
      </EmptyState>
    </main>
  );
}
