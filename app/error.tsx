'use client';

import { EmptyState } from '@/components/ui/empty-state';
import { TextButton } from '@/components/ui/text-link';

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** What stands where a page could not be drawn; every page carries it, so it is plain. The digest finds the failure in the server's log. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main id="main" className="mx-auto max-w-140 px-4 py-16">
      <EmptyState
        title="This page could not be drawn"
        level={1}
        actions={<TextButton onClick={reset}>Try again</TextButton>}
      >
        <p>Nothing was started or stopped by this. Cycles go on in the worker, which does not need this page.</p>
        {error.digest !== undefined && (
          <p className="mt-2">
            For support: <code className="select-all">{error.digest}</code>
          </p>
        )}
      </EmptyState>
    </main>
  );
}
