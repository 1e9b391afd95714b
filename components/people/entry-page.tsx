import type { ReactNode } from 'react';
import { Logo } from '@/components/shell/logo';

/** A page for those who are not signed in: one form in the middle. */
export function EntryPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" className="mx-auto grid min-h-screen w-full max-w-90 content-center gap-4 px-4 py-16">
      <div className="flex items-center gap-2 text-14 font-medium tracking-tight">
        <Logo />
        Roundhouse
      </div>
      <h1 className="text-18 font-medium tracking-tight">{title}</h1>
      {children}
    </main>
  );
}
