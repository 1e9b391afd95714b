import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { EntryPage } from '@/components/people/entry-page';
import { nextPath } from '@/components/people/path-header';
import { SignInForm } from '@/components/people/sign-in-form';
import { getContext } from '@/components/trpc/server';
import { Alive } from '@/components/ui/alive';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  const path = nextPath(typeof next === 'string' ? next : null);
  const { viewer, services } = await getContext();
  if (viewer !== null) redirect(path);
  const isNew = !(await services.people.hasAdministrator());
  return (
    <EntryPage title="Sign in">
      {isNew ? (
        <p className="text-pretty text-ink-2">
          Nobody has an account here yet. Open the sign-in link that{' '}
          <code className="font-mono text-12">npm start</code> has printed; it is valid for 15 minutes, and each start
          prints a new one.
        </p>
      ) : (
        <Alive>
          <SignInForm next={path} />
        </Alive>
      )}
    </EntryPage>
  );
}
