import type { Metadata } from 'next';
import { EmptyState } from '@/components/ui/empty-state';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main id="main" className="mx-auto max-w-140 px-4 py-16">
      <EmptyState
        title="There is nothing at this address"
        level={1}
        // A plain link: every page carries what this one is drawn with.
        actions={
          <a className="text-accent underline" href="/clusters">
            Go to clusters
          </a>
        }
      >
        The address may be mistyped, or what it named was removed. What was done to it is kept under Activity.
      </EmptyState>
    </main>
  );
}
